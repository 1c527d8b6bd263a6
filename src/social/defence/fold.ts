/** Arabic letters that Persian writes with other code points: keyboards differ, readers see one word. */
const ARABIC: Readonly<Record<string, string>> = { "\u064a": "\u06cc", "\u0649": "\u06cc", "\u0643": "\u06a9" };

/**
 * Marks that stand on any letter (strokes, rings, vowel points) and what cannot be seen: joiners, soft hyphens, bidirectional
 * controls. They are put into words to get past a list of words. Marks of one script, such as the vowel signs of Hindi, stay.
 */
const UNSEEN = /[\p{Script=Inherited}\p{Default_Ignorable_Code_Point}\u0640]/gu;

/**
 * A text as mutes compare it: compatibility forms made one (NFKC), in lower case, without {@link UNSEEN}, white space as single
 * spaces. Takes time in proportion to its length; NFKC makes at most eighteen characters of one (U+FDFA).
 */
export function foldText(text: string): string {
  return (
    text
      .normalize("NFKC")
      // Both ways: only that makes one of sharp s and ss, and of the dotless and the dotted i.
      .toUpperCase()
      .toLowerCase()
      .replace(UNSEEN, "")
      .replaceAll("ς", "σ")
      .replace(/[\u064a\u0649\u0643]/gu, (letter) => ARABIC[letter] ?? letter)
      .replace(/\s+/gu, " ")
      .trim()
  );
}
