import { countCharacters, LIMITS } from "../../wire/index.ts";
import { excerptOf } from "../excerpt.ts";
import type { ContentKind } from "./kind.ts";

/** What is said of one post of a collection. */
export interface Note {
  /** Its place among the references, from 1. */
  readonly number: number;
  readonly note: string;
}

export interface ComposedWords {
  /** Of the post. */
  readonly text: string;
  /** Of the envelope. */
  readonly summary: string;
}

/** Kinds that somebody is named for above what is said of them: an artist, authors, a teacher. */
const SIGNED: ReadonlySet<ContentKind> = new Set(["album", "course", "paper", "software", "podcast"]);
/** What introduces a collection leaves most of the summary to its notes. */
const INTRODUCTION = 100;
/** A note of which less is left says nothing. */
const LEAST_NOTE = 12;

/**
 * The words of a post and of its envelope. They read well wherever they are shown: who made it stands before the rest, behind a
 * dash, as credits have it; notes stand behind the number of what they are about, as sources have it.
 * @param ownSummary empty where the author wrote none
 */
export function composeWords(
  kind: ContentKind,
  words: {
    readonly byline: string;
    readonly text: string;
    readonly ownSummary: string;
    readonly notes: readonly Note[];
  },
): ComposedWords {
  const { byline, notes, ownSummary } = words;
  // A summary without a text is all there is to say, so it is the text.
  const body = words.text || ownSummary;
  if (kind === "collection" && notes.length > 0) return collected(body, ownSummary, notes);
  const credit = SIGNED.has(kind) && byline !== "" ? `\u2014 ${byline}` : "";
  const signed = (text: string): string => [credit, text].filter((part) => part !== "").join("\n\n");
  const text = signed(body);
  return { text, summary: ownSummary === "" ? shortened(text) : signed(ownSummary) };
}

function collected(body: string, ownSummary: string, notes: readonly Note[]): ComposedWords {
  const lines = notes.map(({ note, number }) => `[${number}] ${note}`);
  const text = [body, lines.join("\n")].filter((part) => part !== "").join("\n\n");
  if (ownSummary === "" && countCharacters(text) <= LIMITS.summaryCharacters) return { text, summary: text };
  let summary = ownSummary || (countCharacters(body) <= INTRODUCTION ? body : excerptOf(body, INTRODUCTION));
  let between = summary === "" ? "" : "\n\n";
  for (const line of lines) {
    const room = LIMITS.summaryCharacters - countCharacters(summary) - between.length;
    const fits = countCharacters(line) <= room;
    if (!fits && room < LEAST_NOTE) break;
    summary += between + (fits ? line : excerptOf(line, room - 1));
    if (!fits) break;
    between = "\n";
  }
  return { text, summary };
}

function shortened(text: string): string {
  return countCharacters(text) <= LIMITS.summaryCharacters ? text : excerptOf(text);
}

/** `3:21`, or `1:02:03` from an hour on. @param duration milliseconds */
export function durationText(duration: number): string {
  const seconds = Math.max(0, Math.round(duration / 1_000));
  const [hours, minutes, rest] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (part: number): string => String(part).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
