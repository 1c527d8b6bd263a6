/** Makes text from strangers fit to be shown. Pure; it returns text, never markup. */

/** Vietnamese and vocalised Arabic need two or three marks on a letter, Hebrew cantillation up to four. */
const MARKS_PER_LETTER = 4;
const MARK_FLOOD = new RegExp(`(\\p{M}{${MARKS_PER_LETTER}})\\p{M}+`, "gu");

/** C0 and C1 controls except tab and line feed, which have no picture of their own. */
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Text without floods of combining marks and without control characters. Bidirectional marks stay: the element isolates. */
export function displayText(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(CONTROLS, "").replace(MARK_FLOOD, "$1");
}

/**
 * Embeddings, overrides and isolates, with what ends them. In one line they reach beyond it: an end that was never begun ends
 * the isolation that a label puts around a name, and an override behind it turns the rest of the sentence. What a name needs,
 * the marks of direction, stays.
 */
const BIDI_CONTROLS = /[\u202a-\u202e\u2066-\u2069]/g;

/** One line for a headline or a name: line breaks become spaces, and nothing in it turns what stands around it. */
export function displayLine(text: string): string {
  return displayText(text).replace(BIDI_CONTROLS, "").replace(/\s+/g, " ").trim();
}

/** A name, which may consist of characters that nobody sees: then it is as good as none. */
export function displayName(name: string | null | undefined): string {
  const line = displayLine(name ?? "");
  return /^[\p{Default_Ignorable_Code_Point}\p{Cf}\s]*$/u.test(line) ? "" : line;
}

/** `mehr1qq3x…7k2p`: enough to tell two apart at a glance, never to check one. */
export function shortId(id: string): string {
  return id.length <= 16 ? id : `${id.slice(0, 9)}…${id.slice(-4)}`;
}

/** Whether a text begins with its own summary, as it does when the summary was taken from it. */
export function repeatsSummary(text: string | null, summary: string | null): boolean {
  if (text === null || summary === null) return false;
  const begin = displayLine(summary).replace(/\s*(…|\.{3})$/u, "");
  return begin !== "" && displayLine(text).startsWith(begin);
}
