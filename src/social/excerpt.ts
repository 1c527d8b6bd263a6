/** With the "…" and room to spare under the 280 characters of a summary. */
const EXCERPT_CHARACTERS = 270;

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/**
 * The beginning of a text that is too long, cut where a word ends and never inside a character.
 * @param most characters before the "…"
 */
export function excerptOf(text: string, most = EXCERPT_CHARACTERS): string {
  const fitting = firstCharacters(text, most + 1);
  const cut = lastWordEnd(fitting, most) ?? lastGraphemeEnd(fitting, most);
  return `${fitting.slice(0, cut).trimEnd()}…`;
}

/** A word boundary in the first half would throw away more than it gains; then the cut goes through the word. */
function lastWordEnd(text: string, most: number): number | null {
  const at = text.search(/\s\S*$/u);
  return at >= most / 2 ? at : null;
}

/** Of a text that is one code point too long: where the last grapheme that fits whole ends. */
function lastGraphemeEnd(text: string, most: number): number {
  let end = 0;
  for (const { index } of graphemes.segment(text)) end = index;
  // One grapheme as long as everything: hundreds of marks on one letter. Then code points decide.
  return end > 0 ? end : firstCharacters(text, most).length;
}

/** By code points, as limits count. A code point is at most two UTF-16 units, so no more of a long text is looked at. */
function firstCharacters(text: string, count: number): string {
  return Array.from(text.slice(0, count * 2))
    .slice(0, count)
    .join("");
}
