/** How envelopes write down who made something (docs/protocol.md, section 3). Pure. */
import type { EnvelopeView } from "../../peer/api.ts";
import { displayLine } from "./display.ts";

const BYLINE = /^\u2014 (.+?)(?:\n+|$)/u;
/** Kinds that name somebody beside the author. */
const SIGNED: ReadonlySet<EnvelopeView["kind"]> = new Set(["album", "podcast", "course", "paper", "software"]);

/** The line that names who made it, and the text behind it. Other kinds begin as they like. */
export function splitByline(
  kind: EnvelopeView["kind"],
  text: string,
): { readonly byline: string; readonly rest: string } {
  const found = SIGNED.has(kind) ? BYLINE.exec(text) : null;
  if (found === null) return { byline: "", rest: text };
  return { byline: displayLine(found[1] as string), rest: text.slice(found[0].length) };
}
