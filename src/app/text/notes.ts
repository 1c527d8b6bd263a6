/** How collections write down what they say of each post (docs/protocol.md, section 3). Pure. */
import type { EnvelopeView } from "../../peer/api.ts";
import { displayText } from "./display.ts";

const NOTE = /^\[(\d{1,2})\] (\S.*)$/u;

export interface Noted {
  /** The text without the lines of its notes. */
  readonly rest: string;
  /** By the number of the reference, from 1. */
  readonly notes: ReadonlyMap<number, string>;
}

/** What introduces a collection, and what is said of each reference; of two lines with one number the last. */
export function splitNotes({ kind, references }: Pick<EnvelopeView, "kind" | "references">, text: string): Noted {
  const notes = new Map<number, string>();
  if (kind !== "collection") return { rest: text, notes };
  const rest: string[] = [];
  // Notes stand behind what introduces them, which may begin a line like one.
  for (const line of displayText(text).split("\n").toReversed()) {
    const [, number, note] = NOTE.exec(line) ?? [];
    const at = Number(number);
    if (note === undefined || at < 1 || at > references.length || notes.has(at)) rest.push(line);
    else notes.set(at, note.trim());
  }
  const lines = rest.toReversed().join("\n");
  return { rest: lines.replace(/\n{3,}/gu, "\n\n").trim(), notes };
}
