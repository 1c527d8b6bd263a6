/** What is taken for the same word, in which texts a query is found, and what of them is marked. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addTerms, fold, hasPhrase, phrasesIn, searchTerms, spansOf } from "../../src/social/search/index.ts";

function termsIn(text: string): Set<string> {
  const terms = new Set<string>();
  addTerms(text, terms);
  return terms;
}

/** Whether a search for `typed` finds `text`. */
function finds(typed: string, text: string): boolean {
  const terms = termsIn(text);
  return searchTerms(typed).every(({ prefix, term }) =>
    prefix ? [...terms].some((own) => own.startsWith(term)) : terms.has(term),
  );
}

const marked = (text: string, typed: string): string[] =>
  spansOf(text, searchTerms(typed)).map(({ end, start }) => text.slice(start, end));

describe("a word", () => {
  it.each([
    ["Café", "cafe"],
    ["STRASSE", "straße"],
    ["Øre", "ore"],
    ["ΟΔΟΣ", "οδός"],
    ["Ёлка", "елка"],
    ["ｆｕｌｌ", "full"],
    ["كتاب", "کتاب"],
    ["علي", "علی"],
    ["على", "علی"],
    ["مَدْرَسَة", "مدرسه"],
    ["آب", "اب"],
    ["کتـــاب", "کتاب"],
    ["۱۴۰۳", "1403"],
    ["١٤٠٣", "1403"],
    ["שָׁלוֹם", "שלום"],
    ["ev\u200bil", "evil"],
    ["so\u00adft", "soft"],
    ["\u202eabc\u202c", "abc"],
  ])("%s is the same as %s", (one, other) => {
    expect(fold(one)).toBe(fold(other));
    expect(finds(one, other)).toBe(true);
    expect(finds(other, one)).toBe(true);
  });

  it("keeps apart what are other letters: a short i of Russian, sounds of Japanese", () => {
    expect(fold("мой")).not.toBe(fold("мои"));
    expect(fold("が")).not.toBe(fold("か"));
    expect(fold("हिन्दी")).not.toBe(fold("हन्द"));
  });

  it("is folded once and for all", () => {
    fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => fold(fold(text)) === fold(text)));
  });
});

describe("a query", () => {
  it("is found where all of its words are, the last of them as a beginning", () => {
    expect(finds("bridge clo", "The bridge is closed")).toBe(true);
    expect(finds("closed BRIDGE", "The bridge is closed")).toBe(true);
    expect(finds("clo bridge", "The bridge is closed")).toBe(false);
    expect(finds("clo ", "The bridge is closed")).toBe(false);
    expect(finds("ridge", "The bridge is closed")).toBe(false);
  });

  it("finds words whose halves are joined, whichever way they were written", () => {
    const text = "نمی‌خواهم بروم";
    for (const typed of ["نمی‌خواهم", "نمیخواهم", "نمی خواهم", "خواهم ", "نمي‌خواهم"]) {
      expect(finds(typed, text), typed).toBe(true);
    }
    expect(finds("خواه ", text)).toBe(false);
    for (const typed of ["l'eau", "l’eau", "eau", "leau"]) expect(finds(typed, "De l'eau"), typed).toBe(true);
  });

  it("finds words in scripts that have no spaces", () => {
    for (const typed of ["東京", "京都", "東京都", "都庁", "京", "庁"])
      expect(finds(typed, "東京都庁前"), typed).toBe(true);
    expect(finds("東都", "東京都庁前")).toBe(false);
    expect(finds("ภาษา", "ฉันเรียนภาษาไทย")).toBe(true);
    expect(finds("학교", "우리학교에서")).toBe(true);
    expect(finds("iphone手机", "新的iPhone手机")).toBe(true);
    // Of two planes: one character, though two units.
    expect(finds("𠮷野", "𠮷野家")).toBe(true);
    expect(finds("𠮷", "𠮷野家")).toBe(true);
  });

  it("is of sixteen words at most, and of none where nothing is a word", () => {
    expect(searchTerms(Array.from({ length: 40 }, (_, at) => `w${at}`).join(" "))).toHaveLength(16);
    expect(searchTerms("  ... \u200c !? ")).toEqual([]);
  });

  it("finds every text by any of its words, whatever is in it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 40 }), (text) => {
        for (const word of text.split(/\s+/u)) if (!finds(`${word} `, text)) return false;
        return finds(text, text);
      }),
      { numRuns: 500 },
    );
  });

  it("cuts what is longer than any word, on both sides alike", () => {
    const long = "a".repeat(500);
    expect([...termsIn(long)].every((term) => term.length <= 40)).toBe(true);
    expect(finds(`${long} `, long)).toBe(true);
  });
});

describe("what is marked", () => {
  it("are the words that were found, as they were written", () => {
    expect(marked("The Bridge is closed; bridges burn", "bridge")).toEqual(["Bridge", "bridges"]);
    expect(marked("Un CAFÉ, s'il vous plaît", "cafe plait ")).toEqual(["CAFÉ", "plaît"]);
    expect(marked("می‌خواهم بخوانم", "میخواهم ")).toEqual(["می‌خواهم"]);
    expect(marked("東京都庁前", "京都")).toEqual(["京都"]);
    expect(marked("東京都庁前", "東京都庁")).toEqual(["東京都庁"]);
    expect(marked("nothing here", "elsewhere")).toEqual([]);
    expect(marked("nothing here", "")).toEqual([]);
  });

  it("are stretches in order that do not touch", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme", maxLength: 6 }), (text, typed) => {
        let last = -1;
        for (const { end, start } of spansOf(text, searchTerms(typed))) {
          if (start <= last || end <= start || end > text.length) return false;
          last = end;
        }
        return true;
      }),
    );
  });
});

describe("a phrase", () => {
  /** Whether all that is quoted in `typed` stands in a text, and the words are found. */
  const has = (typed: string, text: string): boolean =>
    finds(typed, text) && phrasesIn(typed).every((phrase) => hasPhrase(text, phrase));

  it.each([
    ['"closed bridge"', "The CLOSED, bridge!", true],
    ['"closed bridge"', "A bridge that is closed", false],
    ['"closed bridge"', "enclosed bridge", false],
    ['"closed bridge"', "closed bridges", false],
    ['"closed bri', "closed bridges", true],
    ['"closed bri ', "closed bridges", false],
    ['"a b" "c d"', "c d, a b", true],
    ['"a b" "c d"', "c a b d", false],
    ['"a b" d', "c a b d", true],
    ['"a a b"', "a a a b", true],
    ["\u201cclosed bridge\u201d", "closed bridge", true],
    ["\u201eclosed bridge\u201c", "bridge closed", false],
    ["«پل بسته»", "این پل بسته است", true],
    ["«پل بسته»", "پل نیمه بسته", false],
    ["«كتاب می\u200cخواهم»", "کتاب می\u200cخواهم", true],
    ["«می خواهم»", "می\u200cخواهم", true],
    ["«كتاب میخواهم»", "کتاب می\u200cخواهم", true],
    ['"l\u2019été dernier"', "l'ete dernier", true],
    ['"東京タワ"', "新東京タワーへ", true],
    ['"京都"', "東京 都", false],
    ['"東京 2020"', "東京2020", false],
    ['"naïve café"', "A naive cafe", true],
  ])("%s in %s: %s", (typed, text, expected) => {
    expect(has(typed, text)).toBe(expected);
  });

  it("is nothing that has one word or none, and is open only while somebody types in it", () => {
    expect(phrasesIn("no quotes")).toEqual([]);
    expect(phrasesIn('"one" "" "?!" "')).toEqual([]);
    expect(phrasesIn('"one two" "three four')).toEqual([
      { words: "one two", open: false },
      { words: "three four", open: true },
    ]);
  });

  it("is in every text that it was cut out of at its words", () => {
    const word = fc
      .stringMatching(/^[\p{L}\p{N}]{1,8}$/u)
      .filter((given) => fold(given) !== "" && !/[ʹʼ]/u.test(given));
    fc.assert(
      fc.property(fc.array(word, { minLength: 2, maxLength: 12 }), fc.nat(), fc.nat(), (words, one, other) => {
        const [from, to] = [one % words.length, other % words.length].sort((a, b) => a - b) as [number, number];
        const phrases = phrasesIn(`"${words.slice(from, to + 1).join(" ")}"`);
        for (const phrase of phrases) expect(hasPhrase(words.join(", "), phrase)).toBe(true);
      }),
    );
  });
});
