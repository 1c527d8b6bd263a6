/** Makes the picture of a profile from any picture: square, small, and without what the camera wrote into it. */
import { OWN_AVATAR_BYTES } from "../../../wire/picture.ts";
import { canvasOf, bitmapOf, PictureError, written } from "../../media/picture.ts";

/** The largest place for it is 96 px wide, on a screen of three pixels to one. Smaller where that takes too many bytes. */
const SIDES = [288, 192, 128] as const;
const QUALITIES = [0.86, 0.74, 0.6, 0.45] as const;

/**
 * @returns a WebP, or a JPEG where the browser writes none, of at most 32 KiB
 * @throws PictureError
 */
export async function squared(file: Blob): Promise<Uint8Array> {
  const bitmap = await bitmapOf(file);
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

/** The middle of it. */
function drawn(bitmap: ImageBitmap, side: number): OffscreenCanvas {
  const { canvas, context } = canvasOf(side, side);
  const edge = Math.min(bitmap.width, bitmap.height);
  const [left, top] = [(bitmap.width - edge) / 2, (bitmap.height - edge) / 2];
  context.drawImage(bitmap, left, top, edge, edge, 0, 0, side, side);
  return canvas;
}
