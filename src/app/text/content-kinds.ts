/** The kinds of posts, in the order in which a person chooses among them. */
import type { ContentKind } from "../../peer/api.ts";

export const CONTENT_KINDS = [
  "text",
  "photos",
  "album",
  "podcast",
  "course",
  "paper",
  "software",
  "collection",
] as const satisfies readonly ContentKind[];
