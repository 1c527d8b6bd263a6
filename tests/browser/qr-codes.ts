/** Codes as they are on a screen, and what they say. */
import type { Page } from "@playwright/test";
import decodeQr from "qr/decode.js";
import { expect } from "./fixtures.ts";

/** The picture of the code, as it is on screen. */
export async function pictureOf(page: Page): Promise<Buffer> {
  const picture = page.getByRole("img", { name: "QR code of the link" });
  await expect(picture).toBeVisible();
  // Not what lies over it: on a phone the bar at the bottom does.
  await picture.evaluate((element) => element.scrollIntoView({ block: "center" }));
  return picture.screenshot();
}

/** Points of a picture, red, green, blue and opacity. */
export async function pointsOf(
  page: Page,
  picture: Buffer,
): Promise<{ width: number; height: number; data: Uint8Array }> {
  const { height, points, width } = await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d")!;
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    return { width: bitmap.width, height: bitmap.height, points: [...data] };
  }, picture.toString("base64"));
  return { width, height, data: Uint8Array.from(points) };
}

/** What a code says, read of its picture as a camera would. @param page any: browsers can decode pictures */
export async function read(page: Page, picture: Buffer): Promise<string> {
  return decodeQr(await pointsOf(page, picture), { timeLimit: 5_000 });
}
