import type { Head, StoredObject, WriteBatch } from "../../store/port.ts";
import {
  createSigner,
  decodeObject,
  equalBytes,
  hashOf,
  identitySeed,
  isAvatar,
  ObjectType,
  verifyObject,
  type Hash,
  type NodeKey,
  type SocialPost,
  type UserProfile,
  type PostEnvelope,
} from "../../wire/index.ts";
import { parseDraft } from "../drafts.ts";
import { PeerError } from "../errors.ts";
import { decodePlain } from "../vault/plain.ts";
import { stretched, type Stretch } from "../vault/stretch.ts";
import {
  clearFrames,
  damaged,
  HEADER_BYTES,
  LENGTH_BYTES,
  MAX_FILE,
  PORTABLE_SETTINGS,
  readFrameHead,
  readHeader,
  recordsOf,
  sealedFrames,
  type BackupRecord,
  type FrameCodec,
} from "./format.ts";

/** 24 words of BIP-39 carry 256 bits. */
const ENTROPY_BYTES = 32;
/** A fork freezes a profile for a day (protocol section 2); a file cannot make it longer. */
const MAX_FREEZE = 24 * 60 * 60_000;

/** Where a backup goes. */
export interface BackupSink {
  /** The identity, once and first. */
  begin(identity: {
    readonly entropy: Uint8Array;
    readonly createdAt: number;
    readonly wordsKept: boolean;
    readonly self: NodeKey;
  }): Promise<void>;
  /** Checked parts of it. */
  write(batch: WriteBatch): Promise<void>;
  /** The picture of the profile. */
  picture(hash: Hash, bytes: Uint8Array): Promise<void>;
}

export interface BackupSource {
  readonly file: Blob;
  readonly passphrase: string | undefined;
  readonly stretch: Stretch;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Reads a backup piece by piece and checks everything in it. What the sink was given counts only when this has resolved.
 * @throws PeerError `BACKUP_FOREIGN`, `BACKUP_NEWER`, `BACKUP_DAMAGED`, `BACKUP_TOO_LARGE`, `PASSPHRASE_NEEDED`,
 *   `PASSPHRASE_WRONG`; the signal's reason; what the sink throws
 */
export async function readBackup(source: BackupSource, sink: BackupSink): Promise<void> {
  const { file, now, signal } = source;
  if (!(file instanceof Blob)) throw new PeerError("BACKUP_FOREIGN", "This is no file.");
  if (file.size > MAX_FILE) throw new PeerError("BACKUP_TOO_LARGE", "This file is too large for a backup.");
  const header = readHeader(await slice(file, 0, HEADER_BYTES));
  const frames = header.protection === null ? clearFrames(header) : await opened(header, source);
  let self: NodeKey | null = null;
  let at = header.bytes.length;
  for (let number = 0; ; number += 1) {
    signal?.throwIfAborted();
    const { last, length } = readFrameHead(await slice(file, at, LENGTH_BYTES));
    const content = await slice(file, at + LENGTH_BYTES, length);
    at += LENGTH_BYTES + length;
    if (content.length < length) throw damaged("its end is missing");
    const bytes = await frames.read(content, last);
    if (bytes === null && number === 0 && header.protection !== null) {
      throw new PeerError("PASSPHRASE_WRONG", "This passphrase does not open this backup.");
    }
    if (bytes === null) throw damaged("a part of it was altered");
    const records = recordsOf(plainOf(bytes));
    if (self === null) self = await begin(records.shift(), sink);
    await sink.write(await batchOf(records, self, now));
    for (const record of records) {
      if (record.kind === "picture") await sink.picture(pictureHash(record.bytes), record.bytes);
    }
    if (last) break;
  }
  if (at !== file.size) throw damaged("something follows its end");
}

async function opened(header: ReturnType<typeof readHeader>, source: BackupSource): Promise<FrameCodec> {
  const { passphrase, signal, stretch } = source;
  const { protection } = header;
  if (passphrase === undefined || protection === null) {
    throw new PeerError("PASSPHRASE_NEEDED", "This backup is under a passphrase.");
  }
  return await sealedFrames(header, await stretched(stretch, passphrase, protection.salt, protection.cost, signal));
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

async function begin(record: BackupRecord | undefined, sink: BackupSink): Promise<NodeKey> {
  if (record?.kind !== "identity" || record.entropy.length !== ENTROPY_BYTES) throw damaged("its key");
  const { createdAt, entropy, wordsKept } = record;
  const { publicKey: self } = await createSigner(identitySeed(entropy));
  await sink.begin({ entropy, createdAt, wordsKept, self });
  return self;
}

async function batchOf(records: readonly BackupRecord[], self: NodeKey, now: number): Promise<WriteBatch> {
  const settings: Record<string, unknown> = {};
  const batch = { draftsPut: [], objects: [], envelopes: [], heads: [] } as Mutable<
    Required<Pick<WriteBatch, "draftsPut" | "objects" | "envelopes" | "heads">>
  >;
  for (const record of records) {
    switch (record.kind) {
      case "identity":
        throw damaged("it holds two keys");
      case "setting":
        // Others would be read by code that does not expect a stranger's values.
        if (PORTABLE_SETTINGS.includes(record.name)) settings[record.name] = record.value;
        break;
      case "draft": {
        const draft = draftOf(record.content);
        batch.draftsPut.push({ id: draft.id, updated: draft.updated, content: draft });
        break;
      }
      case "post": {
        const { bytes } = record;
        const { hash } = await checked(bytes, self, "SocialPost");
        batch.objects.push({ hash, type: ObjectType.SocialPost, bytes, holding: "own", storedAt: now });
        break;
      }
      case "envelope": {
        const { hash, object } = await checked(record.bytes, self, "PostEnvelope");
        batch.envelopes.push({ hash, bytes: record.bytes, envelope: object });
        break;
      }
      case "profile":
        batch.heads.push(await headOf(record, self, now));
        break;
      case "picture":
        // No part of a batch: it goes where pictures lie.
        break;
    }
  }
  return { ...batch, settings };
}

type Mutable<Batch> = { [Part in keyof Batch]: Batch[Part] extends readonly (infer Item)[] ? Item[] : never };

interface OwnObjects {
  SocialPost: SocialPost;
  PostEnvelope: PostEnvelope;
  UserProfile: UserProfile;
}

/** An object of this kind, canonical, within its limits, and signed by the identity of this file. */
async function checked<Kind extends keyof OwnObjects>(
  bytes: Uint8Array,
  self: NodeKey,
  kind: Kind,
): Promise<{ hash: StoredObject["hash"]; object: OwnObjects[Kind] }> {
  let object;
  try {
    object = decodeObject(bytes);
  } catch (cause) {
    throw damaged("an object", cause);
  }
  if (object.type !== kind) throw damaged("an object of another kind");
  const own = object as OwnObjects[Kind];
  const author = own.type === "UserProfile" ? own.nodeId : own.author;
  if (!equalBytes(author, self)) throw damaged("an object of somebody else");
  if (!(await verifyObject(own))) throw damaged("a signature");
  return { hash: hashOf(bytes), object: own };
}

async function headOf(
  { bytes, forkBytes, frozenUntil }: Extract<BackupRecord, { kind: "profile" }>,
  self: NodeKey,
  now: number,
): Promise<Head> {
  const { hash, object } = await checked(bytes, self, "UserProfile");
  const { sequence } = object;
  if (forkBytes !== null) {
    const fork = await checked(forkBytes, self, "UserProfile");
    if (fork.object.sequence !== sequence) throw damaged("the other version of the profile");
  }
  const frozen = forkBytes === null ? 0 : Math.min(frozenUntil, now + MAX_FREEZE);
  return {
    type: ObjectType.UserProfile,
    owner: self,
    name: "",
    sequence,
    hash,
    bytes,
    forkBytes,
    frozenUntil: frozen,
  };
}

function pictureHash(bytes: Uint8Array): Hash {
  if (!isAvatar(bytes)) throw damaged("the picture");
  return hashOf(bytes);
}

function draftOf(content: unknown): ReturnType<typeof parseDraft> {
  try {
    return parseDraft(content);
  } catch (cause) {
    throw damaged("a draft", cause);
  }
}
