import { describe, expect, it } from "vitest";
import { readLines } from "../../src/app/pages/mutes/lines.ts";
import { encodeNodeId } from "../../src/wire/index.ts";

const [SELF, ANNA, BEN] = [1, 2, 3].map((byte) => encodeNodeId(new Uint8Array(32).fill(byte))) as [
  string,
  string,
  string,
];
const HASH = "0123456789abcdef".repeat(4);
const person = (id: string) => ({ kind: "person", id });
const thread = { kind: "thread", post: HASH };
const scope = (key: string) => ({ kind: "scope", scope: key });

const read = (...lines: string[]) => readLines(lines.join("\n"), SELF);

describe("what is to be muted, one in each line", () => {
  it.each([
    [ANNA, person(ANNA)],
    [ANNA.toUpperCase(), person(ANNA)],
    [`\u2068${ANNA}\u2069\u200f `, person(ANNA)],
    [`https://mehr.example/u/${ANNA}`, person(ANNA)],
    [`https://mehr.example/app/u/${ANNA}/?from=mail#top`, person(ANNA)],
    [`mehr.example/u/${ANNA}`, person(ANNA)],
    [`/u/${ANNA}`, person(ANNA)],
    [`web+mehr:${ANNA}`, person(ANNA)],
    [`web+mehr:trust/${ANNA}`, person(ANNA)],
    [HASH, thread],
    [`/p/${HASH}`, thread],
    [`https://mehr.example/p/${HASH.toUpperCase()}/graph`, thread],
    [`web+mehr:post/${HASH}`, thread],
    ["Europe / NL / Utrecht", scope("g:europe/nl/utrecht")],
    ["Europe /", scope("g:europe")],
    ["  ایران／تهران", scope("g:ایران/تهران")],
    ["#gaming/pokemon", scope("t:gaming/pokemon")],
    ["＃Cats", scope("t:cats")],
    ["t:Gaming/Pokemon", scope("t:gaming/pokemon")],
    ["G:Europe/NL", scope("g:europe/nl")],
    ["https://mehr.example/s/topic/c%23/dots", scope("t:c#/dots")],
    ["/s/place/europe/nl", scope("g:europe/nl")],
    ["web+mehr:place/europe/nl", scope("g:europe/nl")],
    ["/s/topic/100%", scope("t:100%")],
    ["mehr.example/s/topic/cats", scope("t:cats")],
    [`mehr.example/trust/${ANNA}`, person(ANNA)],
    [`/u/${ANNA}?from=mail#top`, person(ANNA)],
    [`//mehr.example/u/${ANNA}`, person(ANNA)],
  ])("is understood: %s", (line, target) => {
    expect(read(line)).toEqual({ targets: [target], bad: [] });
  });

  it.each([
    ["Ben", "alone"],
    ["spoiler", "alone"],
    [ANNA.slice(0, -1), "person"],
    [`https://mehr.example/u/${ANNA.replace(/.$/u, (last) => (last === "q" ? "p" : "q"))}`, "person"],
    [`mehr.example/u/${ANNA}x`, "person"],
    [SELF, "own"],
    ["https://mehr.example/", "link"],
    ["https://", "link"],
    ["https://mehr.example/s/place/", "link"],
    [`https://mehr.example/curated?by=${ANNA}&feed=Ways`, "link"],
    ["web+mehr:join/abc", "link"],
    [`/p/${HASH}0`, "link"],
    ["mehr.example/", "link"],
    ["mehr.example/europe/nl", "link"],
    ["//", "link"],
    ["#", "scope"],
    ["a / ..", "scope"],
    [`#${"x".repeat(40)}`, "scope"],
  ])("is not understood, and says why: %s", (line, problem) => {
    expect(read(line)).toEqual({ targets: [], bad: [{ line, problem }] });
  });

  it("goes on behind what is not understood, which is kept as it was typed", () => {
    expect(read("", `  ${BEN}`, "  who knows ", "\t", "#cats", ANNA)).toEqual({
      targets: [person(BEN), scope("t:cats"), person(ANNA)],
      bad: [{ line: "  who knows ", problem: "alone" }],
    });
  });
});
