import { familyOf, type Hash, type MediaFamily, type MediaHint, type PostEnvelope } from "../../wire/index.ts";

export const CONTENT_KINDS = [
  "text",
  "photos",
  "album",
  "course",
  "paper",
  "software",
  "podcast",
  "collection",
] as const;

export type ContentKind = (typeof CONTENT_KINDS)[number];

/** Lines of a collection's summary: `[2] why the second post is worth it`. */
const NOTE = /^\[(\d{1,2})\] \S/gmu;

/** What of an envelope tells its kind. */
type Announced = Pick<PostEnvelope, "summary"> & {
  readonly mediaHints: readonly Pick<MediaHint, "contentType">[];
  readonly references: readonly Hash[];
};

/**
 * What an envelope announces. The first attachment that is no picture decides; pictures beside it are its cover, its figures
 * or what it looks like. Without attachments, references of which something is said make a collection.
 */
export function kindOf({ mediaHints, references, summary }: Announced): ContentKind {
  if (mediaHints.length === 0) return hasNotes(summary ?? "", references.length) ? "collection" : "text";
  const families = mediaHints.map(({ contentType }) => familyOf(contentType));
  const decisive = families.find((family) => family !== "picture");
  switch (decisive) {
    case undefined:
      return "photos";
    case "audio":
      return families.filter((family) => family === "audio").length > 1 ? "album" : "podcast";
    case "video":
      return "course";
    case "document":
      return "paper";
    case "file":
      return "software";
    case "unknown":
      return "text";
  }
}

function hasNotes(summary: string, references: number): boolean {
  return [...summary.matchAll(NOTE)].some(([, number]) => Number(number) >= 1 && Number(number) <= references);
}

/** What each kind is made of, first what makes it that kind. */
const PARTS: Readonly<Record<ContentKind, readonly MediaFamily[]>> = {
  text: [],
  photos: ["picture"],
  album: ["audio", "picture"],
  course: ["video", "picture", "document", "file"],
  paper: ["document", "picture", "file"],
  software: ["file", "picture", "document"],
  podcast: ["audio", "picture"],
  collection: [],
};

/** Where a file of this type stands in a post of this kind, first ones first; -1 where it has no place in it. */
export function placeIn(kind: ContentKind, contentType: string): number {
  return PARTS[kind].indexOf(familyOf(contentType));
}
