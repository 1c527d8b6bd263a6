/** Makes the picture of a profile from any picture: square, small, and without what the camera wrote into it. */
import { OWN_AVATAR_BYTES, pictureHead } from "../../../wire/picture.ts";

/** Why a picture cannot be used. */
export type PictureProblem = "PICTURE_TYPE" | "PICTURE_TOO_LARGE" | "PICTURE_BROKEN";

export class PictureError extends Error {
  override readonly name = "PictureError";
  readonly code: PictureProblem;
  constructor(code: PictureProblem, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** A JPEG names its size behind what the camera wrote: up to 64 KiB of EXIF and as much of colours, each more than once. */
const HEAD_BYTES = 524_288;
/** A photograph of the largest cameras in phones that are read whole is smaller. */
const MAX_FILE = 67_108_864;
/** Decoded, 200 MB: more fails on a phone. */
const MAX_PIXELS = 50_000_000;
/** The largest place for it is 96 px wide, on a screen of three pixels to one. Smaller where that takes too many bytes. */
const SIDES = [288, 192, 128] as const;
const QUALITIES = [0.86, 0.74, 0.6, 0.45] as const;

/**
 * @returns a WebP, or a JPEG where the browser writes none, of at most 32 KiB
 * @throws PictureError
 */
export async function squared(file: Blob): Promise<Uint8Array> {
  const head = pictureHead(new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer()));
  if (head === null) throw new PictureError("PICTURE_TYPE", "No PNG, JPEG or WebP, or one that moves.");
  if (file.size > MAX_FILE || head.width * head.height > MAX_PIXELS) {
    throw new PictureError("PICTURE_TOO_LARGE", "More pixels than this device can be asked to decode.");
  }
  const bitmap = await decodedPicture(file);
  try {
    for (const side of SIDES) {
      const canvas = drawn(bitmap, side);
      for (const quality of QUALITIES) {
        const bytes = await written(canvas, quality);
        if (bytes.length <= OWN_AVATAR_BYTES) return bytes;
      }
    }
  } finally {
    bitmap.close();
  }
  throw new PictureError("PICTURE_BROKEN", "It does not become small enough.");
}

async function decodedPicture(file: Blob): Promise<ImageBitmap> {
  try {
    // Turned as the camera was held: what says so is left out afterwards.
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch (cause) {
    throw new PictureError("PICTURE_BROKEN", "The browser cannot decode it.", { cause });
  }
}

/** The middle of it. */
function drawn(bitmap: ImageBitmap, side: number): OffscreenCanvas {
  const canvas = new OffscreenCanvas(side, side);
  const context = canvas.getContext("2d");
  if (context === null) throw new PictureError("PICTURE_BROKEN", "The browser has no canvas to draw it on.");
  const edge = Math.min(bitmap.width, bitmap.height);
  const [left, top] = [(bitmap.width - edge) / 2, (bitmap.height - edge) / 2];
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, left, top, edge, edge, 0, 0, side, side);
  return canvas;
}

async function written(canvas: OffscreenCanvas, quality: number): Promise<Uint8Array> {
  const webp = await canvas.convertToBlob({ type: "image/webp", quality });
  // Where WebP is not written browsers give a PNG instead, which knows no quality.
  const blob = webp.type === "image/webp" ? webp : await canvas.convertToBlob({ type: "image/jpeg", quality });
  return new Uint8Array(await blob.arrayBuffer());
}
