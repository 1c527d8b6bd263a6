/** Draws a picture small, to be looked at before anything becomes of it. */
import { bitmapOf } from "./picture.ts";

/** @param side of the square that it fills, in pixels of the screen; what is longer is cut off @throws PictureError */
export async function drawThumbnail(file: Blob, canvas: HTMLCanvasElement, side: number): Promise<void> {
  const bitmap = await bitmapOf(file);
  try {
    const shorter = Math.min(bitmap.width, bitmap.height);
    const [left, top] = [(bitmap.width - shorter) / 2, (bitmap.height - shorter) / 2];
    canvas.width = side;
    canvas.height = side;
    const context = canvas.getContext("2d");
    if (context === null) return;
    context.imageSmoothingQuality = "high";
    context.drawImage(bitmap, left, top, shorter, shorter, 0, 0, side, side);
  } finally {
    bitmap.close();
  }
}
