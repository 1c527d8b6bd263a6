import { describe, expect, it } from "vitest";
import { nameSkeleton } from "../../src/social/defence/names.ts";

describe("two names", () => {
  it.each([
    ["Anna", "Аnnа", "Cyrillic letters"],
    ["PAYTON", "РАУТОN", "Cyrillic capitals"],
    ["THOMAS", "ΤΗΟΜΑЅ", "Greek capitals"],
    ["Ian", "lan", "a small L"],
    ["Ian", "1an", "a one"],
    ["Ian", "IAN", "capitals"],
    ["Bob", "B0b", "a nought"],
    ["Emma", "Ernrna", "r and n"],
    ["Wanda", "VVanda", "two Vs"],
    ["Zoë", "Zoe", "a mark"],
    ["Ana María", "Ana\u200bMaria\u202e", "what cannot be seen"],
    ["Ada Lane", "ada.lane", "punctuation"],
    ["Ada", "𝐀𝐝𝐚", "mathematical letters"],
    ["Ada", "Ａｄａ", "full-width letters"],
    ["Ada", "A\u0336d\u0336a\u0336", "strokes"],
    ["علی", "علي", "Arabic yeh for Persian"],
    ["کاوه", "كاوه", "Arabic kaf for Persian"],
    ["آرش", "ارش", "a mark of alef"],
    ["می‌نو", "مینو", "a joiner"],
    ["Ada Lane", "Аda Lane (mehr1aaaa…7k2p)", "an address behind it"],
    ["Ada Lane", "Ada Lane · ｍehr1aaaa7k2pqqqq", "an address in other letters"],
  ])("%s and %s look alike: %s", (known, other) => {
    expect(nameSkeleton(other)).toBe(nameSkeleton(known));
  });

  it.each([
    ["Anna", "Hanna"],
    ["Sara", "Sara Mehrlein"],
    ["Ada", "mehr1aaaa…7k2p"],
    ["Ben", "Bert"],
    ["राम", "रमा"],
    ["علی", "علا"],
    ["Ада", "Анна"],
    ["李明", "李鸣"],
  ])("%s and %s do not", (known, other) => {
    expect(nameSkeleton(other)).not.toBe(nameSkeleton(known));
  });

  it("that cannot be seen have none, and floods of marks cost no more than what is shown", () => {
    expect(nameSkeleton("\u200b\u202e\u2069 \u00ad")).toBe("");
    expect(nameSkeleton(`Ada${"\u0301".repeat(1_000_000)}`)).toBe(nameSkeleton("Ada"));
  });
});
