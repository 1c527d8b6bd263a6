import { describe, expect, it, vi } from "vitest";
import { WordMatcher } from "../../src/social/defence/words.ts";
import { foldText } from "../../src/social/index.ts";

const whole = (word: string) => ({ word, whole: true });
const part = (word: string) => ({ word, whole: false });
const finds = (word: ReturnType<typeof whole>, text: string): boolean => new WordMatcher([word]).find(text) !== null;

describe("a muted word", () => {
  it.each([
    ["cat", "The cat sat."],
    ["cat", "CAT"],
    ["cat", "(cat)"],
    ["Straße", "in der STRASSE"],
    ["full stop", "came to a full\n  stop there"],
    // Full-width letters, mathematical bold, a ligature.
    ["viagra", "buy ｖｉａｇｒａ now"],
    ["viagra", "buy 𝐯𝐢𝐚𝐠𝐫𝐚 now"],
    ["office", "the oﬃce"],
    // Soft hyphens, a zero width space, a right-to-left override, and strokes through each letter.
    ["viagra", "vi\u00adag\u200bra"],
    ["viagra", "\u202eviagra\u202c"],
    ["viagra", "v\u0336i\u0336a\u0336g\u0336r\u0336a\u0336"],
    // The dotted capital of Turkish, the final sigma of Greek.
    ["istanbul", "İstanbul"],
    ["ΟΔΟΣ", "η οδός μου".replace("ό", "ο")],
    // Arabic letters for Persian ones, with and without the joiner and vowel points.
    ["می‌روم", "من ميروم"],
    ["کتاب", "كِتاب"],
  ])("%s is found in %j", (word, text) => {
    expect(finds(whole(word), text)).toBe(true);
    expect(finds(part(word), text)).toBe(true);
  });

  it.each([
    ["cat", "concatenate"],
    ["cat", "cats"],
    ["cat", "cat_food"],
    ["cat", "cat9"],
    ["art", "Mozart's"],
    ["𝒜", "𝒜bc"],
    ["a", "𐐀a"],
  ])("%s as a whole word is not in %j, and as a part of one it is", (word, text) => {
    expect(finds(whole(word), text)).toBe(false);
    expect(finds(part(word), text)).toBe(true);
  });

  it("is told as the person typed it, and of words within each other the whole ones are not missed", () => {
    const matcher = new WordMatcher([whole("he"), whole("she"), whole("hers"), part("ush")]);
    expect(matcher.find("Her and him")).toBeNull();
    expect(matcher.find("ashe")).toBeNull();
    expect(matcher.find("is She there")).toEqual(whole("she"));
    expect(matcher.find("usher")).toEqual(part("ush"));
    expect(matcher.find("it is hers")).toEqual(whole("hers"));
  });

  it("that cannot be seen mutes nothing", () => {
    expect(new WordMatcher([part("\u200b\u00ad"), part("")]).find("anything")).toBeNull();
  });

  it("agrees with looking for each word by itself", () => {
    let seed = 7;
    const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
    const letters = ["a", "b", "ab", " ", "ا", "é"];
    const text = (length: number): string => Array.from({ length }, () => letters[random(letters.length)]).join("");
    for (let round = 0; round < 120; round++) {
      const words = Array.from({ length: 5 }, () => ({
        word: text(1 + random(4)).trim() || "a",
        whole: random(2) === 0,
      }));
      const said = text(random(24));
      const folded = foldText(said);
      const naive = words.some(({ whole: isWhole, word }) => {
        const ends = isWhole ? "(?![\\p{L}\\p{N}\\p{M}_])" : "";
        const begins = isWhole ? "(?<![\\p{L}\\p{N}\\p{M}_])" : "";
        return new RegExp(begins + foldText(word) + ends, "u").test(folded);
      });
      expect([said, words, new WordMatcher(words).find(said) !== null]).toEqual([said, words, naive]);
    }
  });

  it("costs steps in proportion to the text, whatever a stranger makes of it", () => {
    // The worst for whoever looks for one word after the other: each nearly fits at each place.
    const words = Array.from({ length: 200 }, (_, at) => part(`${"a".repeat(60)}${String.fromCodePoint(0x3400 + at)}`));
    const matcher = new WordMatcher(words);
    const steps = (length: number): number => {
      const text = "a".repeat(length);
      const looked = vi.spyOn(Map.prototype, "get");
      const found = matcher.find(text);
      const { length: count } = looked.mock.calls;
      looked.mockRestore();
      expect(found).toBeNull();
      return count;
    };
    // A step down the tree for each character, and as many back at most (Aho and Corasick, theorem 2).
    expect(steps(4_000)).toBeLessThanOrEqual(8_000);
    expect(steps(8_000)).toBeLessThanOrEqual(16_000);
  });
});
