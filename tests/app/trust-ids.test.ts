import { describe, expect, it } from "vitest";
import { idIn, trustLink } from "../../src/app/pages/trust/ids.ts";
import { encodeNodeId } from "../../src/wire/index.ts";

const NODE = encodeNodeId(new Uint8Array(32).fill(7));
const OTHER = encodeNodeId(new Uint8Array(32).fill(8));

describe("the address in what was scanned or pasted", () => {
  it("is found wherever it stands", () => {
    expect(idIn(NODE)).toBe(NODE);
    expect(idIn(`  ${NODE.toUpperCase()}\n`)).toBe(NODE);
    expect(idIn(`https://mehr.example/app/u/${NODE}`)).toBe(NODE);
    expect(idIn(trustLink("https://mehr.example/", NODE))).toBe(NODE);
    expect(idIn(`web+mehr:trust/${NODE}`)).toBe(NODE);
    expect(idIn(`Here I am: ${NODE}.`)).toBe(NODE);
  });

  it("is the last of several, as the code at the end of a link", () => {
    expect(idIn(`${OTHER} ${NODE}`)).toBe(NODE);
  });

  it("is none where there is none", () => {
    for (const text of [
      "",
      "mehr1",
      NODE.slice(0, -1),
      `${NODE}x`,
      "https://mehr.example/",
      "x".repeat(5_000) + NODE,
    ]) {
      expect(idIn(text)).toBeNull();
    }
  });
});
