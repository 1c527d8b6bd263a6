import type { WriteBatch } from "../../store/port.ts";
import { createSigner, equalBytes, type Hash, type NodeKey } from "../../wire/index.ts";
import type { Moved } from "../arriving/records.ts";
import { PeerError } from "../errors.ts";
import { seedOf } from "../identity.ts";
import { DEFAULT_SETTINGS } from "../settings.ts";
import { decodePlain } from "../vault/plain.ts";
import { stretched, type Stretch } from "../vault/stretch.ts";
import { arrivalsOf, attachmentHash, batchOf, pictureHash, type Reading } from "./check.ts";
import {
  clearFrames,
  damaged,
  HEADER_BYTES,
  LENGTH_BYTES,
  MAX_FILE,
  readFrameHead,
  readHeader,
  recordsOf,
  sealedFrames,
  TRANSFER_KEY_BYTES,
  type BackupRecord,
  type FrameCodec,
  type Header,
} from "./format.ts";

/** 24 words of BIP-39 carry 256 bits. */
const ENTROPY_BYTES = 32;

/** Where a backup goes. */
export interface BackupSink {
  /** The identity, once and first. */
  begin(identity: {
    readonly entropy: Uint8Array;
    readonly createdAt: number;
    readonly wordsKept: boolean;
    readonly self: NodeKey;
    /** False for a file that has neither the key nor a seal: whoever knows the public id can have written it. */
    readonly isProven: boolean;
  }): Promise<void>;
  /** Checked parts of it. */
  write(batch: WriteBatch): Promise<void>;
  /** The picture of the profile, or something that a post or a draft names. */
  blob(hash: Hash, bytes: Uint8Array): Promise<void>;
  /** Posts that wait to be published where the file was written, and names of those that do not any more. */
  arrivals(waiting: readonly Moved[], arrived: readonly string[]): Promise<void>;
}

export interface BackupSource {
  readonly file: Blob;
  readonly passphrase: string | undefined;
  /** What seals a file that was made for one transfer; overwritten. */
  readonly key: Uint8Array | undefined;
  /** What the words of a person give, for a file without a key; throws what they are refused with. */
  readonly entropy: (() => Uint8Array | Promise<Uint8Array>) | undefined;
  readonly stretch: Stretch;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Reads a backup piece by piece and checks everything in it. What the sink was given counts only when this has resolved.
 * @throws PeerError `BACKUP_FOREIGN`, `BACKUP_NEWER`, `BACKUP_DAMAGED`, `BACKUP_TOO_LARGE`, `BACKUP_BOUND`, `PASSPHRASE_NEEDED`,
 *   `PASSPHRASE_WRONG`, `WORDS_NEEDED`, `WORDS_WRONG`; the signal's reason; what the sink throws
 */
export async function readBackup(source: BackupSource, sink: BackupSink): Promise<void> {
  const { file, now, signal } = source;
  if (!(file instanceof Blob)) throw new PeerError("BACKUP_FOREIGN", "This is no file.");
  if (file.size > MAX_FILE) throw new PeerError("BACKUP_TOO_LARGE", "This file is too large for a backup.");
  const header = readHeader(await slice(file, 0, HEADER_BYTES));
  const frames = header.protection === null ? clearFrames(header) : await opened(header, source);
  let reading: Reading | null = null;
  let at = header.bytes.length;
  for (let number = 0; ; number += 1) {
    signal?.throwIfAborted();
    const { last, length } = readFrameHead(await slice(file, at, LENGTH_BYTES));
    const content = await slice(file, at + LENGTH_BYTES, length);
    at += LENGTH_BYTES + length;
    if (content.length < length) throw damaged("its end is missing");
    const bytes = await frames.read(content, last);
    if (bytes === null && number === 0) refuse(header);
    if (bytes === null) throw damaged("a part of it was altered");
    const records = recordsOf(plainOf(bytes));
    reading ??= readingOf(await begin(records.shift(), source, sink, header));
    await sink.write(await batchOf(records, reading, now));
    const { arrivals, arrived } = arrivalsOf(records, reading);
    await sink.arrivals(arrivals, arrived);
    for (const record of records) {
      if (record.kind === "picture") await sink.blob(pictureHash(record.bytes), record.bytes);
      const named = record.kind === "attachment" ? attachmentHash(record.bytes, reading) : null;
      if (record.kind === "attachment" && named !== null) await sink.blob(named, record.bytes);
    }
    if (last) break;
  }
  if (at !== file.size) throw damaged("something follows its end");
}

function readingOf(self: NodeKey): Reading {
  return { self, home: DEFAULT_SETTINGS.home, named: new Set(), arrivals: 0, arrived: 0 };
}

async function opened(header: Header, source: BackupSource): Promise<FrameCodec> {
  const { key, passphrase, signal, stretch } = source;
  const { protection } = header;
  if (protection?.kind === "key") {
    if (key?.length !== TRANSFER_KEY_BYTES) throw bound();
    return await sealedFrames(header, key);
  }
  if (passphrase === undefined || protection === null) {
    throw new PeerError("PASSPHRASE_NEEDED", "This backup is under a passphrase.");
  }
  return await sealedFrames(header, await stretched(stretch, passphrase, protection.salt, protection.cost, signal));
}

/** What does not open at its beginning was sealed with something else. */
function refuse({ protection }: Header): void {
  if (protection?.kind === "key") throw bound();
  if (protection !== null) throw new PeerError("PASSPHRASE_WRONG", "This passphrase does not open this backup.");
}

function bound(): PeerError {
  return new PeerError("BACKUP_BOUND", "This file was made for one transfer between two devices, and is no backup.");
}

async function slice(file: Blob, start: number, length: number): Promise<Uint8Array> {
  try {
    return new Uint8Array(await file.slice(start, start + length).arrayBuffer());
  } catch (cause) {
    throw damaged("it cannot be read to its end", cause);
  }
}

function plainOf(bytes: Uint8Array): unknown {
  try {
    return decodePlain(bytes);
  } catch (cause) {
    throw damaged("a part of it", cause);
  }
}

async function begin(
  record: BackupRecord | undefined,
  source: BackupSource,
  sink: BackupSink,
  { protection }: Header,
): Promise<NodeKey> {
  if (record?.kind === "owner") return await beginWithWords(record, source, sink, protection !== null);
  if (record?.kind !== "identity" || record.entropy.length !== ENTROPY_BYTES) throw damaged("its key");
  const { createdAt, entropy, wordsKept } = record;
  const { publicKey: self } = await createSigner(await seedOf(entropy));
  await sink.begin({ entropy, createdAt, wordsKept, self, isProven: true });
  return self;
}

/** A file without a key says whose it is, and the words have to be that person's. */
async function beginWithWords(
  { createdAt, id }: Extract<BackupRecord, { kind: "owner" }>,
  source: BackupSource,
  sink: BackupSink,
  isProven: boolean,
): Promise<NodeKey> {
  if (source.entropy === undefined) {
    throw new PeerError("WORDS_NEEDED", "This backup holds no key: the 24 words are needed beside it.");
  }
  const entropy = await source.entropy();
  const { publicKey: self } = await createSigner(await seedOf(entropy));
  if (!equalBytes(self, id)) throw new PeerError("WORDS_WRONG", "These are the words of another identity.");
  await sink.begin({ entropy, createdAt, wordsKept: true, self, isProven });
  return self;
}
