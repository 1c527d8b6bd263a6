/** What a picture says of itself in its first bytes, read before anything decodes it: a few bytes can ask for gigabytes. */

export type PictureType = "image/png" | "image/jpeg" | "image/webp";

export interface PictureHead {
  readonly type: PictureType;
  /** In pixels, as the file says; whoever decodes it gets no more than that. */
  readonly width: number;
  readonly height: number;
}

/** The picture of a profile, as others may send it: one inline answer of /mehr/store/1. */
export const MAX_AVATAR_BYTES = 65_536;
/** The same, as this app makes it. */
export const OWN_AVATAR_BYTES = 32_768;
/** Pixels on a side: the largest place for it is 96 px wide, on screens of up to four pixels to one. 4 MiB decoded. */
export const MAX_AVATAR_SIDE = 1_024;

/**
 * Type and size of a picture, or `null` for what is none of the three types, is cut off before its size, or moves: a small
 * file can move for ever.
 * @param bytes the file, or its beginning
 */
export function pictureHead(bytes: Uint8Array): PictureHead | null {
  const head = pngHead(bytes) ?? jpegHead(bytes) ?? webpHead(bytes);
  return head === null || head.width === 0 || head.height === 0 ? null : head;
}

/** Whether this may stand for a person: small, of a known type, and no more pixels than there is use for. */
export function isAvatar(bytes: Uint8Array, most: number = MAX_AVATAR_BYTES): boolean {
  if (bytes.length > most) return false;
  const head = pictureHead(bytes);
  return head !== null && head.width <= MAX_AVATAR_SIDE && head.height <= MAX_AVATAR_SIDE;
}

/** PNG (third edition) section 5: a signature, then chunks; the first is IHDR. */
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Chunks that are looked at for one that makes the picture move: it stands before the first of the pixels. */
const MAX_CHUNKS = 64;

function pngHead(bytes: Uint8Array): PictureHead | null {
  if (!begins(bytes, 0, PNG) || !isText(bytes, 12, "IHDR") || bytes.length < 33) return null;
  const view = viewOf(bytes);
  for (let at = 8, chunks = 0; at + 8 <= bytes.length && chunks < MAX_CHUNKS; chunks++) {
    if (isText(bytes, at + 4, "acTL")) return null;
    if (isText(bytes, at + 4, "IDAT")) break;
    at += 12 + view.getUint32(at);
  }
  return { type: "image/png", width: view.getUint32(16), height: view.getUint32(20) };
}

/** ITU T.81 annex B: segments with a length, until a frame header names the size. */
function jpegHead(bytes: Uint8Array): PictureHead | null {
  if (!begins(bytes, 0, [0xff, 0xd8, 0xff])) return null;
  const view = viewOf(bytes);
  let at = 2;
  while (at + 9 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] as number;
    // Any number of 0xff may stand before a marker.
    if (marker === 0xff) {
      at++;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return { type: "image/jpeg", width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    // The pixels or the end, and no frame header before.
    if (marker === 0xda || marker === 0xd9) return null;
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}

/** RFC 9649 section 2: one of three kinds of first chunks. */
function webpHead(bytes: Uint8Array): PictureHead | null {
  if (!isText(bytes, 0, "RIFF") || !isText(bytes, 8, "WEBP") || bytes.length < 30) return null;
  const view = viewOf(bytes);
  const type = "image/webp";
  if (isText(bytes, 12, "VP8 ") && begins(bytes, 23, [0x9d, 0x01, 0x2a])) {
    return { type, width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  }
  if (isText(bytes, 12, "VP8L") && bytes[20] === 0x2f) {
    const bits = view.getUint32(21, true);
    return { type, width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  const moves = ((bytes[20] as number) & 0x02) !== 0;
  if (!isText(bytes, 12, "VP8X") || moves) return null;
  const uint24 = (at: number): number => view.getUint16(at, true) | ((bytes[at + 2] as number) << 16);
  return { type, width: uint24(24) + 1, height: uint24(27) + 1 };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function begins(bytes: Uint8Array, at: number, expected: readonly number[]): boolean {
  return expected.every((byte, index) => bytes[at + index] === byte);
}

function isText(bytes: Uint8Array, at: number, text: string): boolean {
  return begins(
    bytes,
    at,
    Array.from(text, (character) => character.charCodeAt(0)),
  );
}
