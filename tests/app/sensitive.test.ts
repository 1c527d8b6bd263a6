/** The topic by which authors have their pictures covered, as the composer adds and removes it. */
import { describe, expect, it } from "vitest";
import { isMarked, marked, markRefusal, unmarked } from "../../src/app/text/sensitive.ts";

const PLACE = "g:europe/nl";
/** Two of these and a place take 1,015 of the 1,024 bytes that there are for scopes. */
const long = (letter: string) => `t:${Array.from({ length: 8 }, (_, at) => letter.repeat(30) + String(at)).join("/")}`;

describe("covering what is attached", () => {
  it("is on wherever a topic says so, whoever typed it", () => {
    for (const topic of ["t:sensitive", "t:art/nsfw", "t:حساس"]) expect(isMarked([PLACE, topic])).toBe(true);
    for (const scope of ["t:art", "g:nsfw"]) expect(isMarked([PLACE, scope])).toBe(false);
  });

  it("adds one topic behind the others, once", () => {
    expect(marked([PLACE, "t:a", "t:b"])).toEqual([PLACE, "t:a", "t:b", "t:sensitive"]);
    const said = [PLACE, "t:art/nsfw"];
    expect(marked(said)).toEqual(said);
  });

  it.each([
    ["of a post for trusted people, which a topic would give to everybody", [], "closed"],
    ["with three topics", [PLACE, "t:a", "t:b", "t:c"], "full"],
    ["without bytes for another topic", [PLACE, long("ب"), long("پ")], "large"],
  ] as const)("cannot be %s, and what was typed stays", (_what, scopes, why) => {
    expect(markRefusal(scopes)).toBe(why);
    expect(marked(scopes)).toEqual(scopes);
    expect(marked(scopes, ["t:nsfw"])).toEqual(scopes);
  });

  it("is taken back with every topic that says so, which come again as far as there is room", () => {
    const typed = [PLACE, "t:art/nsfw", "t:bread", "t:gore"];
    const { marks, scopes } = unmarked(typed);
    expect({ marks, scopes }).toEqual({ marks: ["t:art/nsfw", "t:gore"], scopes: [PLACE, "t:bread"] });
    expect(isMarked(scopes)).toBe(false);
    expect(marked(scopes, marks)).toEqual([PLACE, "t:bread", "t:art/nsfw", "t:gore"]);
    expect(marked([...scopes, "t:tea"], marks)).toEqual([PLACE, "t:bread", "t:tea", "t:art/nsfw"]);
    expect(marked([PLACE, long("ب")], [long("پ")])).toEqual([PLACE, long("ب"), "t:sensitive"]);
  });
});
