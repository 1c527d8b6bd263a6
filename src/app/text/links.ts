/** Finds web addresses in text. Only http and https are ever linked; the browser's URL parser decides, not a pattern. */

export type Inline =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "link"; readonly text: string; readonly href: string };

const CANDIDATE = /\bhttps?:\/\/[^\s<>"'`\u200e\u200f\u202a-\u202e\u2066-\u2069]+/giu;

/** What ends a sentence is not part of the address before it. */
const TRAILING = /[.,;:!?…،؛؟)\]}»”’]+$/u;

/** The address in normal form, or `null` for anything that must not be followed. */
export function safeHref(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:") return null;
  // `https://bank.example@evil.example` reads like the first and leads to the second.
  if (url.username !== "" || url.password !== "") return null;
  return url.href;
}

function withoutTrailing(candidate: string): string {
  const trailing = TRAILING.exec(candidate)?.[0] ?? "";
  const opensParenthesis = candidate.includes("(") && trailing.startsWith(")");
  return candidate.slice(0, candidate.length - trailing.length + (opensParenthesis ? 1 : 0));
}

/** Splits one line into text and links, in order; joined together the parts give back the line. */
export function splitLinks(line: string): Inline[] {
  const parts: Inline[] = [];
  let done = 0;
  for (const match of line.matchAll(CANDIDATE)) {
    const text = withoutTrailing(match[0]);
    const href = safeHref(text);
    if (href === null) continue;
    if (match.index > done) parts.push({ kind: "text", text: line.slice(done, match.index) });
    parts.push({ kind: "link", text, href });
    done = match.index + text.length;
  }
  if (done < line.length) parts.push({ kind: "text", text: line.slice(done) });
  return parts;
}

/** Paragraphs (separated by empty lines) of lines. */
export function paragraphsOf(text: string): string[][] {
  return text
    .split(/\n[ \t]*\n+/)
    .map((paragraph) => paragraph.replace(/^\n+|\n+$/g, ""))
    .filter((paragraph) => paragraph.trim() !== "")
    .map((paragraph) => paragraph.split("\n"));
}
