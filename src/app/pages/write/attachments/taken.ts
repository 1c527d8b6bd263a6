/** Makes an attachment of a file that a person chose, and has the peer keep it. */
import type { DraftAttachment, PeerApi } from "../../../../peer/api.ts";
import { familyOf } from "../../../../wire/family.ts";
import { MAX_ATTACHMENT_BYTES } from "../../../../wire/media.ts";
import { durationOf, fitted, PictureError } from "../../../media/index.ts";
import { codeOf } from "../../../state/errors.ts";
import { displayLine } from "../../../text/display.ts";

/** Why a file is not taken: of pictures, of their size, of the peer. */
export type FileRefusal =
  | "PICTURE_TYPE"
  | "PICTURE_TOO_LARGE"
  | "PICTURE_BROKEN"
  | "ATTACHMENT_TOO_LARGE"
  | "ATTACHMENT_INVALID"
  | "ATTACHMENTS_FULL"
  | "STORE_QUOTA"
  | "other";

const REFUSALS: readonly string[] = [
  "PICTURE_TYPE",
  "PICTURE_TOO_LARGE",
  "PICTURE_BROKEN",
  "ATTACHMENT_TOO_LARGE",
  "ATTACHMENT_INVALID",
  "ATTACHMENTS_FULL",
  "STORE_QUOTA",
] satisfies readonly FileRefusal[];

export function refusalOf(error: unknown): FileRefusal {
  const code = error instanceof PictureError ? error.code : codeOf(error);
  return REFUSALS.includes(code) ? (code as FileRefusal) : "other";
}

class TooLarge extends Error {
  override readonly name = "TooLarge";
  readonly code = "ATTACHMENT_TOO_LARGE";
}

/** A name that a camera gave says nothing; that of a song or a program is a beginning. */
function wordsFor(file: File): string {
  return displayLine(file.name)
    .replace(/\.[a-z0-9]{1,8}$/iu, "")
    .slice(0, 200);
}

/**
 * Resolves when the peer has stored it.
 * @throws what {@link refusalOf} has words for
 */
export async function takenFile(api: PeerApi, file: File): Promise<DraftAttachment> {
  // Drawings in SVG and pictures that move are refused as pictures, not taken as files.
  if (file.type.startsWith("image/")) {
    const { blurhash, bytes } = await fitted(file);
    const kept = await api.attach({ bytes, contentType: "image/webp" });
    return { ...kept, blurhash, altText: "", duration: null };
  }
  if (file.size > MAX_ATTACHMENT_BYTES) throw new TooLarge();
  const bytes = new Uint8Array(await file.arrayBuffer());
  const kept = await api.attach({ bytes, contentType: file.type });
  const family = familyOf(kept.contentType);
  const lasts = family === "audio" || family === "video";
  const duration = lasts ? await durationOf(bytes, kept.contentType) : null;
  return { ...kept, blurhash: null, altText: wordsFor(file), duration };
}
