/** What the records of a file are worth. */
import { startChannels } from "../../social/index.ts";
import type { Head, OutboxEntry, StoredObject, WriteBatch } from "../../store/port.ts";
import {
  channelOf,
  decodeObject,
  equalBytes,
  hashOf,
  isAvatar,
  ObjectType,
  scopeFromKey,
  toHex,
  verifyObject,
  type CuratedFeed,
  type Hash,
  type NodeKey,
  type PostEnvelope,
  type SocialPost,
  type UserProfile,
} from "../../wire/index.ts";
import type { Draft } from "../api.ts";
import { MAX_GIVEN, MAX_KNOWN, type Moved } from "../arriving/records.ts";
import { parseDraft } from "../drafts.ts";
import { PeerError } from "../errors.ts";
import { DEFAULT_SETTINGS, parseSettingsPatch } from "../settings.ts";
import { damaged, PORTABLE_SETTINGS, type BackupRecord } from "./format.ts";
import { attachmentsOf } from "../media/draft-files.ts";
import { MAX_ATTACHMENT } from "./own.ts";

/** A fork freezes a profile for a day (protocol section 2); a file cannot make it longer. */
const MAX_FREEZE = 24 * 60 * 60_000;

/** What is known of a file from its records so far. */
export interface Reading {
  readonly self: NodeKey;
  /** Key of the home place. */
  home: string;
  /** Hashes that posts and drafts name, in hex. */
  readonly named: Set<string>;
  /** How many posts that wait were read. */
  arrivals: number;
  /** How many names of those that do not wait any more. */
  arrived: number;
}

/**
 * What a part of a file means for a store: every object in it is checked like one from a stranger.
 * @throws PeerError `BACKUP_DAMAGED`
 */
export async function batchOf(records: readonly BackupRecord[], reading: Reading, now: number): Promise<WriteBatch> {
  const { named, self } = reading;
  const settings: Record<string, unknown> = {};
  const batch = { draftsPut: [], objects: [], envelopes: [], heads: [], outboxPut: [] } as Mutable<
    Required<Pick<WriteBatch, "draftsPut" | "objects" | "envelopes" | "heads" | "outboxPut">>
  >;
  for (const record of records) {
    switch (record.kind) {
      case "identity":
      case "owner":
        throw damaged("it holds two keys");
      case "setting":
        // Others would be read by code that does not expect a stranger's values.
        if (PORTABLE_SETTINGS.includes(record.name)) settings[record.name] = record.value;
        if (record.name === "settings") reading.home = homeIn(record.value);
        break;
      case "draft": {
        const draft = draftOf(record.content);
        if (draft === null) break;
        for (const hash of attachmentsOf(draft)) named.add(toHex(hash));
        batch.draftsPut.push({ id: draft.id, updated: draft.updated, content: draft });
        break;
      }
      case "post": {
        const { bytes } = record;
        const { hash, object } = await checked(bytes, self, "SocialPost");
        for (const media of object.media) named.add(toHex(media));
        batch.objects.push({ hash, type: ObjectType.SocialPost, bytes, holding: "own", storedAt: now });
        break;
      }
      case "envelope": {
        const { hash, object } = await checked(record.bytes, self, "PostEnvelope");
        batch.envelopes.push({ hash, bytes: record.bytes, envelope: object });
        break;
      }
      case "profile":
        batch.heads.push(await headOf(record, "UserProfile", self, now));
        break;
      case "curation":
        batch.heads.push(await headOf(record, "CuratedFeed", self, now));
        break;
      case "waiting":
        batch.outboxPut.push(await waitingOf(record, reading));
        break;
      case "arrival":
      case "arrived":
      case "picture":
      case "attachment":
        // No part of a batch: they go where blobs lie, and where posts wait.
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
  CuratedFeed: CuratedFeed;
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
  if (!equalBytes(ownerOf(own), self)) throw damaged("an object of somebody else");
  if (!(await verifyObject(own))) throw damaged("a signature");
  return { hash: hashOf(bytes), object: own };
}

function ownerOf(object: OwnObjects[keyof OwnObjects]): NodeKey {
  if (object.type === "UserProfile") return object.nodeId;
  return object.type === "CuratedFeed" ? object.curator : object.author;
}

async function headOf(
  { bytes, forkBytes, frozenUntil }: Extract<BackupRecord, { kind: "profile" | "curation" }>,
  kind: "UserProfile" | "CuratedFeed",
  self: NodeKey,
  now: number,
): Promise<Head> {
  const { hash, object } = await checked(bytes, self, kind);
  const { sequence } = object;
  const name = object.type === "CuratedFeed" ? object.name : "";
  if (forkBytes !== null) {
    const fork = (await checked(forkBytes, self, kind)).object;
    const sameName = fork.type !== "CuratedFeed" || fork.name === name;
    if (fork.sequence !== sequence || !sameName) throw damaged("the other version of a profile or feed");
  }
  const frozen = forkBytes === null ? 0 : Math.min(frozenUntil, now + MAX_FREEZE);
  return { type: ObjectType[kind], owner: self, name, sequence, hash, bytes, forkBytes, frozenUntil: frozen };
}

/** Something own that no other peer has yet. Where it may start follows from what it says, not from the file. */
async function waitingOf(
  { bytes, queuedAt }: Extract<BackupRecord, { kind: "waiting" }>,
  { home, self }: Reading,
): Promise<OutboxEntry> {
  const place = scopeFromKey(home);
  const isEnvelope = typeOf(bytes) === "PostEnvelope";
  const { hash, object } = await checked(bytes, self, isEnvelope ? "PostEnvelope" : "UserProfile");
  const channels = object.type === "PostEnvelope" ? startChannels(object, place) : [channelOf(place)];
  return { hash, bytes, channels, queuedAt };
}

function typeOf(bytes: Uint8Array): string {
  try {
    return decodeObject(bytes).type;
  } catch (cause) {
    throw damaged("an object", cause);
  }
}

/** The home place that the settings of the file name, or the one of whoever has not chosen any. */
function homeIn(settings: unknown): string {
  const { home } = (settings ?? {}) as { home?: unknown };
  try {
    return parseSettingsPatch({ home }).home ?? DEFAULT_SETTINGS.home;
  } catch (error) {
    if (error instanceof PeerError) return DEFAULT_SETTINGS.home;
    throw error;
  }
}

/**
 * Posts of a part of a file that wait to be published, but for those that this version does not know, and names of those that do
 * not wait any more.
 * @throws PeerError `BACKUP_DAMAGED` for more than any backup has
 */
export function arrivalsOf(
  records: readonly BackupRecord[],
  reading: Reading,
): { readonly arrivals: readonly Moved[]; readonly arrived: readonly string[] } {
  const arrivals: Moved[] = [];
  const arrived: string[] = [];
  for (const record of records) {
    if (record.kind === "arrived") arrived.push(...record.names);
    if (record.kind !== "arrival") continue;
    reading.arrivals += 1;
    const { id, parent, since } = record;
    const draft = draftOf(record.draft);
    if (draft === null) continue;
    for (const hash of attachmentsOf(draft)) reading.named.add(toHex(hash));
    arrivals.push({ draft, id, parent, since });
  }
  reading.arrived += arrived.length;
  if (reading.arrivals > MAX_KNOWN || reading.arrived > MAX_GIVEN) throw damaged("more posts wait than anywhere can");
  return { arrivals, arrived };
}

/** @throws PeerError `BACKUP_DAMAGED` */
export function pictureHash(bytes: Uint8Array): Hash {
  if (!isAvatar(bytes)) throw damaged("the picture");
  return hashOf(bytes);
}

/**
 * `null` for a file that nothing names of what was taken: it belongs to a draft that was skipped, and nothing is kept for ever
 * that nothing of this person names.
 * @throws PeerError `BACKUP_DAMAGED`
 */
export function attachmentHash(bytes: Uint8Array, { named }: Reading): Hash | null {
  if (bytes.length > MAX_ATTACHMENT) throw damaged("a file beside a post");
  const hash = hashOf(bytes);
  return named.has(toHex(hash)) ? hash : null;
}

/** `null` for one that this version does not know: for its sake nobody is to lose key and posts. */
function draftOf(content: unknown): Draft | null {
  try {
    return parseDraft(content);
  } catch (error) {
    if (error instanceof PeerError) return null;
    throw error;
  }
}
