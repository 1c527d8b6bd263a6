import type { Store } from "../../store/port.ts";
import { concatBytes, ObjectType } from "../../wire/index.ts";
import { leavingArrivals } from "../arriving/moving.ts";
import { listDrafts } from "../drafts.ts";
import { PeerError } from "../errors.ts";
import type { OwnIdentity } from "../identity.ts";
import { encodePlain } from "../vault/plain.ts";
import { checkedPassphrase, COST, stretched, type Stretch } from "../vault/stretch.ts";
import {
  clearFrames,
  FRAME_BYTES,
  frameHead,
  headerOf,
  LENGTH_BYTES,
  MAX_FILE,
  MAX_FRAME,
  PORTABLE_SETTINGS,
  SALT_BYTES,
  sealedFrames,
  type BackupRecord,
  type FrameCodec,
  type Header,
} from "./format.ts";
import { ownAttachments, ownCurations, ownEnvelopes, ownPicture, ownPosts } from "./own.ts";

/** Not registered: it only has to keep browsers from opening the file. */
const FILE_TYPE = "application/octet-stream";

export interface BackupRequest {
  readonly store: Store;
  readonly identity: OwnIdentity;
  readonly stretch: Stretch;
  readonly passphrase: string | undefined;
  /** Seals the file in place of a passphrase, 32 bytes for this file alone; overwritten. */
  readonly key?: Uint8Array;
  /** Whether the key of the identity goes with it. Default: it does. */
  readonly withKey?: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly signal: AbortSignal | undefined;
  /** Bytes that the file may have. */
  readonly maxFile?: number;
}

/**
 * One file of everything that this identity cannot get back from others.
 * @throws PeerError `PASSPHRASE_INVALID`, `BACKUP_TOO_LARGE` for a draft beyond all measure, or more than is read again; the
 *   signal's reason
 */
export async function writeBackup(request: BackupRequest): Promise<Blob> {
  const { maxFile = MAX_FILE, signal } = request;
  const { frames, header } = await begun(request);

  // Each frame is a blob at once: the browser may move those to its disk while the next is made.
  const parts: Blob[] = [blobOf([header.bytes])];
  let length = header.bytes.length;
  const add = async (records: readonly BackupRecord[], last: boolean): Promise<void> => {
    signal?.throwIfAborted();
    const content = await frames.write(encodePlain(records), last);
    if (content.length > MAX_FRAME) throw new PeerError("BACKUP_TOO_LARGE", "A draft is too long for a backup.");
    length += LENGTH_BYTES + content.length;
    if (length > maxFile) throw new PeerError("BACKUP_TOO_LARGE", "There is too much for one backup.");
    parts.push(blobOf([frameHead(content.length, last), content]));
  };

  let gathered: BackupRecord[] = [];
  let size = 0;
  for await (const record of recordsFrom(request)) {
    const bytes = encodePlain(record).length;
    if (size + bytes > FRAME_BYTES && gathered.length > 0) {
      await add(gathered, false);
      gathered = [];
      size = 0;
    }
    gathered.push(record);
    size += bytes;
  }
  await add(gathered, true);
  return new Blob(parts, { type: FILE_TYPE });
}

/** The head of the file, and how its frames are protected. */
async function begun({ key, passphrase, signal, stretch }: BackupRequest): Promise<{
  readonly header: Header;
  readonly frames: FrameCodec;
}> {
  if (key !== undefined) {
    const header = headerOf({ kind: "key" });
    return { header, frames: await sealedFrames(header, key) };
  }
  if (passphrase === undefined) {
    const header = headerOf(null);
    return { header, frames: clearFrames(header) };
  }
  const checked = checkedPassphrase(passphrase);
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  const header = headerOf({ kind: "passphrase", salt, cost: COST });
  return { header, frames: await sealedFrames(header, await stretched(stretch, checked, salt, COST, signal)) };
}

async function* recordsFrom(request: BackupRequest): AsyncGenerator<BackupRecord> {
  const { identity, now, store, withKey = true } = request;
  const { createdAt, entropy, wordsKept } = identity.secret();
  if (withKey) yield { kind: "identity", entropy, createdAt, wordsKept };
  else yield { kind: "owner", id: identity.key, createdAt };
  for (const name of PORTABLE_SETTINGS) {
    const value = await store.setting(name);
    if (value !== undefined) yield { kind: "setting", name, value };
  }
  const named = new Set<string>();
  for await (const leaving of leavingArrivals(store, now)) {
    if (leaving.kind === "arrival") for (const { hash } of leaving.draft.attachments) named.add(hash);
    yield leaving;
  }
  for (const content of await listDrafts(store)) yield { kind: "draft", content };
  const head = await store.head(ObjectType.UserProfile, identity.key, "");
  if (head !== undefined) {
    const { bytes, forkBytes, frozenUntil } = head;
    yield { kind: "profile", bytes, forkBytes, frozenUntil };
    const picture = await ownPicture(store, head);
    if (picture !== null) yield { kind: "picture", bytes: picture.bytes };
  }
  for (const { bytes, forkBytes, frozenUntil } of await ownCurations(store, identity.key)) {
    yield { kind: "curation", bytes, forkBytes, frozenUntil };
  }
  for await (const { bytes } of ownPosts(store)) yield { kind: "post", bytes };
  // Behind what names them: a reader takes no others.
  for await (const { bytes } of ownAttachments(store, named)) yield { kind: "attachment", bytes };
  for await (const page of ownEnvelopes(store, identity.key)) {
    for (const { bytes } of page) yield { kind: "envelope", bytes };
  }
  for (const { bytes, queuedAt } of await store.outbox()) yield { kind: "waiting", bytes, queuedAt };
}

function blobOf(parts: readonly Uint8Array[]): Blob {
  return new Blob([new Uint8Array(concatBytes(...parts))]);
}
