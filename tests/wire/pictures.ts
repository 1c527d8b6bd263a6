/** Files that begin as pictures do. What follows the head is no picture: only the head is read here. */
import { concatBytes } from "../../src/wire/index.ts";

const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const big = (value: number, size: 2 | 4): Uint8Array =>
  Uint8Array.from({ length: size }, (_, at) => (value >>> (8 * (size - 1 - at))) & 0xff);
const little = (value: number, size: number): Uint8Array =>
  Uint8Array.from({ length: size }, (_, at) => (value >>> (8 * at)) & 0xff);

export function png(width: number, height: number, { moves = false } = {}): Uint8Array {
  const chunk = (name: string, data: Uint8Array): Uint8Array =>
    concatBytes(big(data.length, 4), text(name), data, new Uint8Array(4));
  return concatBytes(
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk("IHDR", concatBytes(big(width, 4), big(height, 4), Uint8Array.of(8, 6, 0, 0, 0))),
    ...(moves ? [chunk("acTL", new Uint8Array(8))] : []),
    chunk("IDAT", new Uint8Array(16)),
    chunk("IEND", new Uint8Array()),
  );
}

/** @param camera bytes of what a camera writes before the picture */
export function jpeg(width: number, height: number, camera = 32): Uint8Array {
  return concatBytes(
    Uint8Array.of(0xff, 0xd8, 0xff, 0xe1),
    big(camera + 2, 2),
    new Uint8Array(camera).fill(0x11),
    Uint8Array.of(0xff, 0xc0, 0, 17, 8),
    big(height, 2),
    big(width, 2),
    new Uint8Array(10),
    Uint8Array.of(0xff, 0xd9),
  );
}

export function webp(
  kind: "VP8 " | "VP8L" | "VP8X",
  width: number,
  height: number,
  { moves = false } = {},
): Uint8Array {
  const heads = {
    "VP8 ": concatBytes(
      Uint8Array.of(0, 0, 0, 0x9d, 0x01, 0x2a),
      little(width, 2),
      little(height, 2),
      new Uint8Array(4),
    ),
    VP8L: concatBytes(Uint8Array.of(0x2f), little((width - 1) | ((height - 1) << 14), 4), new Uint8Array(8)),
    VP8X: concatBytes(Uint8Array.of(moves ? 2 : 0, 0, 0, 0), little(width - 1, 3), little(height - 1, 3)),
  };
  const head = heads[kind];
  return concatBytes(text("RIFF"), little(head.length + 12, 4), text("WEBP"), text(kind), little(head.length, 4), head);
}
