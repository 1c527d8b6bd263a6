/** Makes a picture that a post can carry from any picture. */
import { canvasOf, bitmapOf, PictureError, written } from "./picture.ts";

/** With 4 KiB to spare under what an attachment may have, for browsers that write more than they were asked to. */
const MOST_BYTES = 61_440;
/** The longer side, in pixels: a column of 40rem on a screen of two to one, then smaller where that takes too many bytes. */
const SIDES = [1_280, 1_024, 800, 640, 480, 320] as const;
/** Below the last one blocks are seen; a smaller picture looks better then. */
const QUALITIES = [0.82, 0.7, 0.58, 0.46] as const;
/** More pixels would not change the few waves of a blurhash. */
const BLUR_SIDE = 32;
/** Waves across and down: 28 characters. */
const WAVES = [4, 3] as const;

export interface FittedPicture {
  readonly bytes: Uint8Array;
  readonly blurhash: string;
}

/**
 * @returns a WebP, or a JPEG where the browser writes none, of at most 60 KiB
 * @throws PictureError
 */
export async function fitted(file: Blob): Promise<FittedPicture> {
  const bitmap = await bitmapOf(file);
  try {
    const blurhash = await blurhashOf(bitmap);
    for (const side of SIDES) {
      const canvas = drawn(bitmap, side).canvas;
      for (const quality of QUALITIES) {
        const bytes = await written(canvas, quality);
        if (bytes.length <= MOST_BYTES) return { bytes, blurhash };
      }
    }
  } finally {
    bitmap.close();
  }
  throw new PictureError("PICTURE_BROKEN", "It does not become small enough.");
}

/** What is shown until the picture is there. @throws PictureError */
export async function blurhashOf(bitmap: ImageBitmap): Promise<string> {
  const { encode } = await import("blurhash");
  const { canvas, context } = drawn(bitmap, BLUR_SIDE);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  return encode(data, canvas.width, canvas.height, ...WAVES);
}

/** The whole of it, no larger than it is. */
function drawn(bitmap: ImageBitmap, side: number): ReturnType<typeof canvasOf> {
  const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
  const [width, height] = [bitmap.width, bitmap.height].map((length) => Math.max(1, Math.round(length * scale)));
  const made = canvasOf(width as number, height as number);
  made.context.drawImage(bitmap, 0, 0, made.canvas.width, made.canvas.height);
  return made;
}
