/**
 * What a file is by its first bytes, as far as it matters for showing it. Pure: nothing is decoded here. What a post says of
 * its attachments is its author's word; only what is recognised here is ever shown in a page, everything else is a file.
 */
import { familyOf } from "./family.ts";
import { LIMITS } from "./limits.ts";
import { pictureHead } from "./picture.ts";

/** Attachments travel as objects do, so none is longer than one (docs/protocol.md, section 10). */
export const MAX_ATTACHMENT_BYTES = LIMITS.objectBytes;

/** Pixels of a picture that is shown: 16 MiB decoded, and a post has up to sixteen. */
export const MAX_PICTURE_PIXELS = 4_194_304;

const FILE = "application/octet-stream";

interface Container {
  readonly begins: (bytes: Uint8Array) => boolean;
  /** What it may hold; the first one where the declared type is none of them. */
  readonly types: readonly [string, ...string[]];
}

/** Signatures as the WHATWG MIME Sniffing Standard, section 6, and the formats' own documents have them. */
const CONTAINERS: readonly Container[] = [
  { begins: at(0, "OggS"), types: ["audio/ogg", "video/ogg"] },
  { begins: at(0, "fLaC"), types: ["audio/flac"] },
  { begins: at(0, "ID3"), types: ["audio/mpeg"] },
  { begins: (bytes) => at(0, "RIFF")(bytes) && at(8, "WAVE")(bytes), types: ["audio/wav"] },
  { begins: at(4, "ftyp"), types: ["video/mp4", "audio/mp4"] },
  { begins: at(0, "\u001a\u0045\u00df\u00a3"), types: ["video/webm", "audio/webm"] },
  { begins: isMpegFrame, types: ["audio/mpeg"] },
  { begins: at(0, "%PDF-"), types: ["application/pdf"] },
];

/** What only its own bytes may be called: recognised above, or not at all. */
const DOCUMENT = "application/pdf";
/** RFC 6838 section 4.2, in lower case and without parameters. */
const REGISTERED = /^application\/[a-z0-9][a-z0-9!#$&^_.+-]*$/u;

/**
 * The type that these bytes may go by: what they are where they are recognised, a declared `application/` type where they are
 * not, and else `application/octet-stream`.
 * @param declared what somebody says that they are
 */
export function contentTypeOf(declared: string, bytes: Uint8Array): string {
  const named = declared.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  const picture = pictureHead(bytes);
  if (picture !== null) return picture.type;
  const container = CONTAINERS.find(({ begins }) => begins(bytes));
  if (container !== undefined) return container.types.find((type) => type === named) ?? container.types[0];
  const isDeclared = REGISTERED.test(named) && named.length <= LIMITS.contentTypeCharacters;
  return isDeclared && named !== DOCUMENT ? named : FILE;
}

/** How the page may show a file: the type that its bytes have, and the size of a picture. `null`: as a file to keep. */
export interface Showing {
  readonly family: "picture" | "audio" | "video";
  readonly type: string;
  /** Pixels; 0 for what is no picture. */
  readonly width: number;
  readonly height: number;
}

/**
 * Whether the bytes of an attachment may be shown as what its envelope says: a picture of a known type and not too many
 * pixels, sound or film in a known container. Never text, markup or a document, which could run as a page of this site.
 */
export function showingOf(declared: string, bytes: Uint8Array): Showing | null {
  const type = contentTypeOf(declared, bytes);
  const family = familyOf(type);
  if (family !== familyOf(declared)) return null;
  if (family === "audio" || family === "video") return { family, type, width: 0, height: 0 };
  if (family !== "picture") return null;
  const head = pictureHead(bytes);
  if (head === null || head.width * head.height > MAX_PICTURE_PIXELS) return null;
  return { family, type, width: head.width, height: head.height };
}

function at(offset: number, signature: string): (bytes: Uint8Array) => boolean {
  const expected = Array.from(signature, (character) => character.charCodeAt(0));
  return (bytes) => expected.every((byte, index) => bytes[offset + index] === byte);
}

/**
 * ISO/IEC 11172-3 section 2.4.1.3: eleven set bits, then a version, a layer, a bit rate and a sampling rate that exist. Layer I is
 * left out: nobody writes it any more, and UTF-16 texts begin like it.
 */
function isMpegFrame(bytes: Uint8Array): boolean {
  const [first = 0, second = 0, third = 0] = bytes;
  const isSync = first === 0xff && (second & 0xe0) === 0xe0;
  const isVersion = (second & 0x18) !== 0x08;
  const isLayer = (second & 0x06) === 0x02 || (second & 0x06) === 0x04;
  return isSync && isVersion && isLayer && (third & 0xf0) !== 0xf0 && (third & 0x0c) !== 0x0c;
}
