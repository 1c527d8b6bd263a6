/** What the composer asks for, kind by kind: what the envelope of that kind shows. */
import type { ContentKind } from "../../../peer/api.ts";
import { familyOf } from "../../../wire/family.ts";

/** Pictures that can be made small enough to be attached. */
const PICTURES = "image/png,image/jpeg,image/webp";

/** Kinds that name somebody beside the author: an artist, the authors of a paper. */
export type SignedKind = "album" | "podcast" | "course" | "paper" | "software";

export function isSigned(kind: ContentKind): kind is SignedKind {
  return ["album", "podcast", "course", "paper", "software"].includes(kind);
}

/** What the file dialog offers; `null`: nothing is attached. */
export const ACCEPTED: Readonly<Record<ContentKind, string | null>> = {
  text: null,
  photos: PICTURES,
  album: `audio/*,${PICTURES}`,
  podcast: `audio/*,${PICTURES}`,
  course: `video/*,application/pdf,${PICTURES}`,
  paper: `application/pdf,${PICTURES}`,
  // Programs come in any type.
  software: "",
  collection: null,
};

/** What somebody means who drops this file on an empty page. */
export function kindOfFile(contentType: string): ContentKind {
  switch (familyOf(contentType)) {
    case "picture":
      return "photos";
    case "audio":
      return "podcast";
    case "video":
      return "course";
    case "document":
      return "paper";
    case "file":
    case "unknown":
      return "software";
  }
}
