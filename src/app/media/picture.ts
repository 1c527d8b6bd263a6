/** Decodes pictures that a person chose and writes them anew: smaller, and without what the camera wrote into them. */
import { pictureHead } from "../../wire/picture.ts";

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

/** @throws PictureError */
export async function bitmapOf(file: Blob): Promise<ImageBitmap> {
  const head = pictureHead(new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer()));
  if (head === null) throw new PictureError("PICTURE_TYPE", "No PNG, JPEG or WebP, or one that moves.");
  if (file.size > MAX_FILE || head.width * head.height > MAX_PIXELS) {
    throw new PictureError("PICTURE_TOO_LARGE", "More pixels than this device can be asked to decode.");
  }
  try {
    // Turned as the camera was held: what says so is left out afterwards.
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch (cause) {
    throw new PictureError("PICTURE_BROKEN", "The browser cannot decode it.", { cause });
  }
}

/** @throws PictureError `PICTURE_BROKEN` */
export function canvasOf(
  width: number,
  height: number,
): {
  readonly canvas: OffscreenCanvas;
  readonly context: OffscreenCanvasRenderingContext2D;
} {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  if (context === null) throw new PictureError("PICTURE_BROKEN", "The browser has no canvas to draw it on.");
  context.imageSmoothingQuality = "high";
  return { canvas, context };
}

/** A WebP, or a JPEG where the browser writes none. */
export async function written(canvas: OffscreenCanvas, quality: number): Promise<Uint8Array> {
  const webp = await canvas.convertToBlob({ type: "image/webp", quality });
  // Where WebP is not written browsers give a PNG instead, which knows no quality.
  const blob = webp.type === "image/webp" ? webp : await canvas.convertToBlob({ type: "image/jpeg", quality });
  return new Uint8Array(await blob.arrayBuffer());
}
