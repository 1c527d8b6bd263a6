/** Messages of /mehr/index/1, and files that may be pictures of people. */
import type { IndexAnswer, Question } from "../../../src/mesh/protocols/finding/messages.ts";
import { contentTypeOf, isAvatar, MAX_PICTURE_PIXELS, pictureHead, showingOf } from "../../../src/wire/index.ts";
import { SeededRandom } from "../../sim/random.ts";
import { FLAC, HTML, ID3, MP3, MP4, OGG, PDF, SVG, WAV, WEBM } from "../../wire/files.ts";
import { jpeg, png, webp } from "../../wire/pictures.ts";
import { mutatedBytes, oneOf } from "../mutations.ts";
import { asBytes, type Target } from "../target.ts";

const random = new SeededRandom(21);
const several = (count: number, bytes: number): Uint8Array[] =>
  Array.from({ length: count }, () => random.bytes(bytes));

export const indexQuestions: readonly Question[] = [
  { relations: ["reply"], targets: several(1, 32), cursor: null, held: [] },
  { relations: ["reply", "boost", "reference", "post"], targets: several(4, 32), cursor: random.bytes(40), held: [] },
  { relations: ["curation"], targets: several(1, 32), cursor: Uint8Array.of(0, 1), held: [] },
  { relations: ["profile"], targets: several(1, 32), cursor: null, held: several(256, 8) },
];

export const indexAnswers: readonly IndexAnswer[] = [
  { kind: "page", objects: [], next: null },
  { kind: "page", objects: several(1, 65_536), next: random.bytes(40) },
  { kind: "page", objects: several(128, 300), next: null },
  { kind: "refused", code: "BUSY", retryAfter: 1_000 },
];

const pictures = [
  png(256, 256),
  jpeg(256, 256),
  webp("VP8 ", 256, 256),
  webp("VP8L", 256, 256),
  webp("VP8X", 256, 256),
];

const files = [...pictures, OGG, FLAC, MP3, ID3, WAV, MP4, WEBM, PDF, SVG, HTML];
const DECLARED = ["image/png", "image/svg+xml", "audio/ogg", "video/mp4", "application/pdf", "text/html", ""];

export const pictureTargets: readonly Target[] = [
  {
    name: "wire: heads of pictures",
    covers: ["wire/picture.ts#pictureHead"],
    share: 6_000,
    input: (source) => mutatedBytes(oneOf(source, pictures), source, oneOf(source, pictures)),
    check(input) {
      const bytes = input as Uint8Array;
      const head = pictureHead(bytes);
      if (head === null) return false;
      if (![head.width, head.height].every((side) => Number.isSafeInteger(side) && side > 0)) {
        throw new Error(`a picture of ${head.width} by ${head.height}`);
      }
      if (isAvatar(bytes) && Math.max(head.width, head.height) > 1_024) throw new Error("a large picture of a person");
      return true;
    },
    text: asBytes,
  },
  {
    name: "wire: what files are by their bytes",
    covers: ["wire/media.ts#contentTypeOf", "wire/media.ts#showingOf"],
    share: 4_000,
    input: (source) => mutatedBytes(oneOf(source, files), source, oneOf(source, files)),
    check(input) {
      const bytes = input as Uint8Array;
      let isKnown = false;
      for (const declared of DECLARED) {
        const type = contentTypeOf(declared, bytes);
        if (contentTypeOf(type, bytes) !== type) throw new Error(`${type} is taken for something else`);
        const showing = showingOf(declared, bytes);
        if (showing === null) continue;
        isKnown = true;
        if (!/^(image\/(png|jpeg|webp)|audio\/|video\/)/.test(showing.type))
          throw new Error(`${showing.type} is shown`);
        if (showing.width * showing.height > MAX_PICTURE_PIXELS) throw new Error("too many pixels are shown");
      }
      return isKnown;
    },
    text: asBytes,
  },
];
