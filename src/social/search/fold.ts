/**
 * One spelling for all that a reader takes for the same word: small letters, no accents, one form of each Arabic and
 * Persian letter, Western digits. Both what is held and what is typed go through it, so it need not be right in any
 * language's grammar, only the same on both sides. What a mute compares (`social/defence`) is folded less: it hides what it matches.
 */

/** Letters of which Unicode knows no decomposition, and the forms that Persian, Arabic and Urdu keyboards give for one letter. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
  ı: "i",
  ς: "σ",
  ё: "е",
  // yeh: Arabic, without dots
  "\u064a": "\u06cc",
  "\u0649": "\u06cc",
  // kaf
  "\u0643": "\u06a9",
  // heh: with a final ta, goal, doachashmee, ae
  "\u0629": "\u0647",
  "\u06c1": "\u0647",
  "\u06be": "\u0647",
  "\u06d5": "\u0647",
};
const SPECIAL = new RegExp(`[${Object.keys(LETTERS).join("")}]`, "gu");

/** After a Cyrillic letter a mark makes another letter; after all others it is an accent. */
const ACCENTS = /([^\u0300-\u036f\u0400-\u04ff])[\u0300-\u036f]+/gu;
/** Vowel signs of Arabic and Hebrew, which are mostly not written; and the tatweel, which only stretches a word. */
const VOWEL_SIGNS =
  /[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0640]/gu;
/** Invisible: soft hyphens, joiners, bidi controls, variation selectors. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;
const DIGITS = /[\u0660-\u0669\u06f0-\u06f9]/gu;

/** The form in which words are compared. Idempotent. */
export function fold(word: string): string {
  return word
    .normalize("NFKD")
    .toLowerCase()
    .replace(VOWEL_SIGNS, "")
    .replace(ACCENTS, "$1")
    .normalize("NFC")
    .replace(INVISIBLE, "")
    .replace(SPECIAL, (letter) => LETTERS[letter] ?? letter)
    .replace(DIGITS, (digit) => String((digit.codePointAt(0) as number) & 0xf));
}
