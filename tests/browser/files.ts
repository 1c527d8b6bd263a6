/** Files as people have them, made here: pictures that can be decoded, sound that can be played. */
import type { Page } from "@playwright/test";

export interface GivenFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** A picture of a sky over water. @param hue degrees, so that two are not one */
export async function picture(
  page: Page,
  name: string,
  [width, height]: readonly [number, number],
  hue: number,
): Promise<GivenFile> {
  const bytes = await page.evaluate(
    async ([across, down, degrees]) => {
      const canvas = new OffscreenCanvas(across, down);
      const context = canvas.getContext("2d")!;
      const sky = context.createLinearGradient(0, 0, 0, down);
      sky.addColorStop(0, `hsl(${degrees} 70% 75%)`);
      sky.addColorStop(0.55, `hsl(${degrees + 40} 60% 55%)`);
      sky.addColorStop(1, `hsl(${degrees + 160} 45% 25%)`);
      context.fillStyle = sky;
      context.fillRect(0, 0, across, down);
      context.fillStyle = "#fff8e0";
      context.beginPath();
      context.arc(across * 0.7, down * 0.3, down * 0.1, 0, 7);
      context.fill();
      const blob = await canvas.convertToBlob({ type: "image/png" });
      return [...new Uint8Array(await blob.arrayBuffer())];
    },
    [width, height, hue] as const,
  );
  return { name, mimeType: "image/png", buffer: Buffer.from(bytes) };
}

/** A tone of 8-bit samples, 8,000 a second. */
export function tone(name: string, seconds: number, hertz: number): GivenFile {
  const samples = Math.round(seconds * 8_000);
  const buffer = Buffer.alloc(44 + samples);
  buffer.write("RIFF", 0);
  buffer.writeUInt32LE(36 + samples, 4);
  buffer.write("WAVEfmt ", 8);
  buffer.writeUInt32LE(16, 16);
  buffer.writeUInt16LE(1, 20);
  buffer.writeUInt16LE(1, 22);
  buffer.writeUInt32LE(8_000, 24);
  buffer.writeUInt32LE(8_000, 28);
  buffer.writeUInt16LE(1, 32);
  buffer.writeUInt16LE(8, 34);
  buffer.write("data", 36);
  buffer.writeUInt32LE(samples, 40);
  for (let at = 0; at < samples; at += 1) {
    buffer[44 + at] = 128 + Math.round(60 * Math.sin((2 * Math.PI * hertz * at) / 8_000));
  }
  return { name, mimeType: "audio/wav", buffer };
}

export const given = (name: string, mimeType: string, text: string): GivenFile => ({
  name,
  mimeType,
  buffer: Buffer.from(text),
});
