/**
 * media: the files that posts carry. They are kept with a draft, become blobs beside the post when it is published, and are
 * fetched by whoever has opened a post and served to whoever may have it.
 */
export type { Attached, ContentKind, DraftAttachment, DraftMatter, MediaApi } from "./api.ts";
export { keptFile } from "./draft-files.ts";
export { Media } from "./part.ts";
