import * as v from "valibot";
import { blake3 } from "../../hash/index.ts";
import { concatBytes, equalBytes } from "../../wire/index.ts";
import { Id, MAX_GIVEN, Name, Since } from "../arriving/records.ts";
import { PeerError } from "../errors.ts";
import { costOf, type Cost } from "../vault/stretch.ts";

/*
 * header   "mehr-backup", version, mode; with mode 1: salt (16), KiB (u32), passes, lanes
 * frame    u32: length, its highest bit set in the last one; that many bytes
 * content  in the clear: records, then the BLAKE3 of the digest before, the frame's number and last bit, and the records;
 *          under a passphrase or a key: records sealed with AES-GCM, its nonce being the frame's number, bound to header and
 *          last bit
 * records  as `encodePlain` writes a list of them
 * Integers are big-endian. The first record is the identity, or its owner where the key was left out.
 *
 * Version 2 adds to version 1: mode 2 (a key of one transfer between two devices), files without a key, and records of curated feeds,
 * attachments and the outbox. Files of version 1 hold none of these and are read the same way.
 * Version 3 adds posts from elsewhere that wait to be published (arrival), and names of those that were published (arrived).
 */

const MAGIC = new TextEncoder().encode("mehr-backup");
export const VERSION = 3;
const OLDEST = 1;
export const SALT_BYTES = 16;
/** Of a key that seals one file, which is all that it is ever used for: AES-256. */
export const TRANSFER_KEY_BYTES = 32;
const CLEAR = 0;
const SEALED = 1;
const KEYED = 2;
export const PREFIX_BYTES = MAGIC.length + 2;
export const HEADER_BYTES = PREFIX_BYTES + SALT_BYTES + 6;
const DIGEST_BYTES = 32;
const LAST = 0x8000_0000;

/** A frame is written when it has grown to this. */
export const FRAME_BYTES = 262_144;
/** The longest draft has a million characters; what is decoded of a hostile frame stays below a hundred MiB. */
export const MAX_FRAME = 4_194_304;
/** 8,000 posts of the largest size. Nothing longer is written, and nothing longer is read. */
export const MAX_FILE = 536_870_912;

export type Protection =
  | { readonly kind: "passphrase"; readonly salt: Uint8Array; readonly cost: Cost }
  /** Whoever made the file gives the key to whoever is to read it, by a way of their own. */
  | { readonly kind: "key" };

export interface Header {
  readonly bytes: Uint8Array;
  readonly protection: Protection | null;
}

export function headerOf(protection: Protection | null): Header {
  if (protection === null) return { bytes: Uint8Array.of(...MAGIC, VERSION, CLEAR), protection };
  if (protection.kind === "key") return { bytes: Uint8Array.of(...MAGIC, VERSION, KEYED), protection };
  const bytes = new Uint8Array(HEADER_BYTES);
  bytes.set(MAGIC);
  bytes.set([VERSION, SEALED], MAGIC.length);
  bytes.set(protection.salt, PREFIX_BYTES);
  const view = new DataView(bytes.buffer, PREFIX_BYTES + SALT_BYTES);
  view.setUint32(0, protection.cost.memory);
  view.setUint8(4, protection.cost.passes);
  view.setUint8(5, protection.cost.lanes);
  return { bytes, protection };
}

/**
 * @param start the first bytes of the file
 * @throws PeerError `BACKUP_FOREIGN`, `BACKUP_NEWER`, `BACKUP_DAMAGED`
 */
export function readHeader(start: Uint8Array): Header {
  if (start.length < PREFIX_BYTES || !equalBytes(start.subarray(0, MAGIC.length), MAGIC)) {
    throw new PeerError("BACKUP_FOREIGN", "This is no backup of Mehr.");
  }
  const [version, mode] = start.subarray(MAGIC.length);
  if (version === undefined || version < OLDEST) throw damaged("its version");
  if (version > VERSION) throw new PeerError("BACKUP_NEWER", "A newer version of Mehr has written this backup.");
  if (mode === CLEAR) return { bytes: start.slice(0, PREFIX_BYTES), protection: null };
  if (mode === KEYED && version >= 2) return { bytes: start.slice(0, PREFIX_BYTES), protection: { kind: "key" } };
  if (mode !== SEALED || start.length < HEADER_BYTES) throw damaged("its beginning");
  const view = new DataView(start.buffer, start.byteOffset + PREFIX_BYTES + SALT_BYTES);
  const cost = costOf({ memory: view.getUint32(0), passes: view.getUint8(4), lanes: view.getUint8(5) });
  if (cost === null) throw damaged("the cost of its passphrase");
  const salt = start.slice(PREFIX_BYTES, PREFIX_BYTES + SALT_BYTES);
  return { bytes: start.slice(0, HEADER_BYTES), protection: { kind: "passphrase", salt, cost } };
}

/** How frames are protected, in the order of the file. */
export interface FrameCodec {
  /** The content of the next frame. */
  write(records: Uint8Array, last: boolean): Promise<Uint8Array>;
  /** The records of the next frame; `null` when its content is not what was written. */
  read(content: Uint8Array, last: boolean): Promise<Uint8Array | null>;
}

/** Notices damage, and nothing but damage: whoever can alter the file can compute digests. */
export function clearFrames(header: Header): FrameCodec {
  let before: Uint8Array = blake3(header.bytes);
  let number = 0;
  const next = (records: Uint8Array, last: boolean): Uint8Array => {
    before = blake3(concatBytes(before, placeOf(number, last), records));
    number += 1;
    return before;
  };
  return {
    write: async (records, last) => concatBytes(records, next(records, last)),
    async read(content, last) {
      if (content.length < DIGEST_BYTES) return null;
      const records = content.subarray(0, -DIGEST_BYTES);
      return equalBytes(next(records, last), content.subarray(-DIGEST_BYTES)) ? records : null;
    },
  };
}

/**
 * @param secret 32 bytes for this file alone, made of the passphrase or agreed upon: so the frame's number can be the nonce;
 *   overwritten
 */
export async function sealedFrames(header: Header, secret: Uint8Array): Promise<FrameCodec> {
  const raw = new Uint8Array(secret);
  secret.fill(0);
  const imported = crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
  const key = await imported.finally(() => raw.fill(0));
  let number = 0;
  const algorithm = (last: boolean): AesGcmParams => {
    const iv = new Uint8Array(12);
    new DataView(iv.buffer).setUint32(8, number);
    const additionalData = new Uint8Array(concatBytes(header.bytes, placeOf(number, last)));
    number += 1;
    return { name: "AES-GCM", iv, additionalData };
  };
  return {
    async write(records, last) {
      return new Uint8Array(await crypto.subtle.encrypt(algorithm(last), key, new Uint8Array(records)));
    },
    async read(content, last) {
      try {
        return new Uint8Array(await crypto.subtle.decrypt(algorithm(last), key, new Uint8Array(content)));
      } catch (error) {
        if (error instanceof DOMException && error.name === "OperationError") return null;
        throw error;
      }
    },
  };
}

function placeOf(number: number, last: boolean): Uint8Array {
  const place = new Uint8Array(5);
  new DataView(place.buffer).setUint32(0, number);
  place[4] = last ? 1 : 0;
  return place;
}

/** Bytes of a frame's own head. */
export const LENGTH_BYTES = 4;

export function frameHead(length: number, last: boolean): Uint8Array {
  const head = new Uint8Array(LENGTH_BYTES);
  new DataView(head.buffer).setUint32(0, (last ? LAST : 0) + length);
  return head;
}

/** @throws PeerError `BACKUP_DAMAGED` */
export function readFrameHead(head: Uint8Array): { length: number; last: boolean } {
  if (head.length < LENGTH_BYTES) throw damaged("its end is missing");
  const value = new DataView(head.buffer, head.byteOffset).getUint32(0);
  const last = value >= LAST;
  const length = last ? value - LAST : value;
  if (length === 0 || length > MAX_FRAME) throw damaged("the length of a part");
  return { length, last };
}

const Bytes = v.custom<Uint8Array>((value) => value instanceof Uint8Array);
const Record = v.variant("kind", [
  v.strictObject({ kind: v.literal("identity"), entropy: Bytes, createdAt: v.number(), wordsKept: v.boolean() }),
  v.strictObject({ kind: v.literal("owner"), id: Bytes, createdAt: v.number() }),
  v.strictObject({ kind: v.literal("setting"), name: v.string(), value: v.unknown() }),
  v.strictObject({ kind: v.literal("draft"), content: v.unknown() }),
  v.strictObject({ kind: v.literal("post"), bytes: Bytes }),
  v.strictObject({ kind: v.literal("envelope"), bytes: Bytes }),
  v.strictObject({
    kind: v.literal("profile"),
    bytes: Bytes,
    forkBytes: v.nullable(Bytes),
    frozenUntil: v.number(),
  }),
  v.strictObject({ kind: v.literal("picture"), bytes: Bytes }),
  v.strictObject({
    kind: v.literal("curation"),
    bytes: Bytes,
    forkBytes: v.nullable(Bytes),
    frozenUntil: v.number(),
  }),
  v.strictObject({ kind: v.literal("attachment"), bytes: Bytes }),
  v.strictObject({ kind: v.literal("waiting"), bytes: Bytes, queuedAt: v.number() }),
  v.strictObject({
    kind: v.literal("arrival"),
    draft: v.unknown(),
    id: Id,
    parent: v.nullable(Id),
    since: Since,
  }),
  v.strictObject({ kind: v.literal("arrived"), names: v.pipe(v.array(Name), v.maxLength(MAX_GIVEN)) }),
]);

export type BackupRecord = v.InferOutput<typeof Record>;
const Records = v.array(Record);

/** @throws PeerError `BACKUP_DAMAGED` */
export function recordsOf(value: unknown): BackupRecord[] {
  const result = v.safeParse(Records, value);
  if (!result.success) throw damaged("a record");
  return result.output;
}

/** Settings that mean the same on another device. */
export const PORTABLE_SETTINGS: readonly string[] = [
  "settings",
  "following",
  "blocks",
  "trust",
  "feeds",
  "feeds.read",
  "mutes",
  "flags",
  "defence",
  "doubts",
  "notices",
  "notices.settings",
  "curated.closed",
];

export function damaged(what: string, cause?: unknown): PeerError {
  return new PeerError("BACKUP_DAMAGED", `This backup is damaged: ${what}.`, { cause });
}
