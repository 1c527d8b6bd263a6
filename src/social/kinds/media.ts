import { countCharacters, LIMITS, type Hash, type MediaHint } from "../../wire/index.ts";
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
  /** What it shows, or what it is called; cleaned. */
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
    if (countCharacters(hintWords(words, duration) ?? "") > LIMITS.altTextCharacters) {
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
      altText: hintWords(words, duration),
    })),
    bytes: ordered.reduce((sum, { size }) => sum + size, 0),
  };
}

/** How long something lasts stands behind its name, as on a sleeve. */
function hintWords(words: string, duration: number | null): string | null {
  const lasts = duration === null ? "" : `(${durationText(duration)})`;
  return [words, lasts].filter((part) => part !== "").join(" ") || null;
}
