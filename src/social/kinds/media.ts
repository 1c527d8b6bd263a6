import { countCharacters, familyOf, LIMITS, type Hash, type MediaHint } from "../../wire/index.ts";
import type { ComposeProblem } from "../compose.ts";
import { placeIn, type ContentKind } from "./kind.ts";
import { durationText } from "./words.ts";

/** A file of a draft. */
export interface DraftMedia {
  readonly hash: Hash;
  readonly contentType: string;
  /** Bytes. */
  readonly size: number;
  readonly blurhash: string | null;
  /** What it shows, or what it is called; cleaned. Of a film what it is about stands on a second line. */
  readonly words: string;
  /** Milliseconds; `null`: it has none, or it is not known. */
  readonly duration: number | null;
}

export interface ComposedMedia {
  /** In the order of the post. */
  readonly hashes: readonly Hash[];
  readonly hints: readonly MediaHint[];
  /** Bytes of all of them together. */
  readonly bytes: number;
}

/**
 * The attachments of a post of this kind: what makes it that kind first, else in the order of the draft.
 * @param problems what stands in the way is added here, with the place in the draft
 */
export function composeMedia(
  kind: ContentKind,
  media: readonly DraftMedia[],
  problems: ComposeProblem[],
): ComposedMedia {
  if (media.length > LIMITS.postMedia) problems.push({ field: "attachments", code: "TOO_MANY_ATTACHMENTS" });
  for (const [at, { contentType, duration, words }] of media.entries()) {
    if (placeIn(kind, contentType) < 0) problems.push({ field: "attachments", code: "ATTACHMENT_UNFIT", at });
    if (countCharacters(hintWords(contentType, words, duration) ?? "") > LIMITS.altTextCharacters) {
      problems.push({ field: "attachments", code: "ALT_TEXT_TOO_LONG", at });
    }
  }
  const ordered = media.toSorted((a, b) => placeIn(kind, a.contentType) - placeIn(kind, b.contentType));
  return {
    hashes: ordered.map(({ hash }) => hash),
    hints: ordered.map(({ blurhash, contentType, duration, size, words }) => ({
      contentType,
      size,
      blurhash,
      altText: hintWords(contentType, words, duration),
    })),
    bytes: ordered.reduce((sum, { size }) => sum + size, 0),
  };
}

/** What somebody typed of a lesson: its name, and on whatever lines come below it what it is about. */
export function lessonParts(typed: string): readonly [name: string, about: string] {
  const lines = typed.trim();
  const end = lines.search(/[\n\r\u2028\u2029]/u);
  return end === -1 ? [lines, ""] : [lines.slice(0, end), lines.slice(end)];
}

/** How long something lasts stands behind its name, as on a sleeve. */
function hintWords(contentType: string, words: string, duration: number | null): string | null {
  const [name, about] = familyOf(contentType) === "video" ? lessonParts(words) : [words, ""];
  const lasts = duration === null ? "" : `(${durationText(duration)})`;
  return ([name, lasts].filter((part) => part !== "").join(" ") + about).trim() || null;
}
