import type { EnvelopeRow, Head, Store, WriteBatch } from "../../store/port.ts";
import {
  decodeEnvelope,
  decodeObject,
  equalBytes,
  fromHex,
  LIMITS,
  ObjectType,
  toHex,
  type Hash,
  type NodeKey,
} from "../../wire/index.ts";
import { CLOSED_KEY, saysClosed } from "../curation/closed.ts";
import { listDrafts } from "../drafts.ts";
import { keptFile } from "../media/draft-files.ts";

/** Envelopes that are read at once. */
const PAGE = 256;
/** What a post may name is served as an object is (docs/protocol.md, section 4). */
export const MAX_ATTACHMENT = LIMITS.objectBytes;

/** Bytes of all own envelopes, newest first, a page at a time. */
export async function* ownEnvelopes(store: Store, self: NodeKey): AsyncGenerator<{ hash: Hash; bytes: Uint8Array }[]> {
  const filter = { kind: "authors", authors: [self] } as const;
  let before: EnvelopeRow | undefined;
  do {
    const rows: EnvelopeRow[] = store.envelopes.query({
      filter,
      limit: PAGE,
      ...(before === undefined ? {} : { before }),
    });
    const bytes = await store.envelopes.bytes(rows.map(({ hash }) => hash));
    yield rows.flatMap(({ hash }, at) => {
      const held = bytes[at];
      return held === undefined ? [] : [{ hash, bytes: held }];
    });
    before = rows.length < PAGE ? undefined : rows.at(-1);
  } while (before !== undefined);
}

/** The picture of this profile, if it is held. */
export async function ownPicture(store: Store, { bytes }: Head): Promise<{ hash: Hash; bytes: Uint8Array } | null> {
  const profile = decodeObject(bytes);
  if (profile.type !== "UserProfile" || profile.avatar === null) return null;
  const picture = await store.blobs.read(profile.avatar);
  return picture === undefined ? null : { hash: profile.avatar, bytes: picture };
}

/** Curated feeds of this identity. */
export async function ownCurations(store: Store, self: NodeKey): Promise<Head[]> {
  return (await store.heads(ObjectType.CuratedFeed)).filter(({ owner }) => equalBytes(owner, self));
}

/**
 * Pictures and other files that own posts name, or drafts that a backup holds, each once, as far as they are held.
 * @param others in hex, of files that are named besides
 */
export async function* ownAttachments(
  store: Store,
  others: Iterable<string>,
): AsyncGenerator<{ hash: Hash; bytes: Uint8Array }> {
  const seen = new Set<string>();
  const held = async (hash: Hash): Promise<{ hash: Hash; bytes: Uint8Array } | null> => {
    if (seen.has(toHex(hash))) return null;
    seen.add(toHex(hash));
    const bytes = await keptFile(store, hash);
    return bytes === undefined || bytes.length > MAX_ATTACHMENT ? null : { hash, bytes };
  };
  for await (const { bytes } of ownPosts(store)) {
    for (const hash of mediaOf(bytes)) {
      const found = await held(hash);
      if (found !== null) yield found;
    }
  }
  const drafts = (await listDrafts(store)).flatMap(({ attachments }) => attachments.map(({ hash }) => hash));
  for (const hash of [...drafts, ...others]) {
    const found = await held(fromHex(hash));
    if (found !== null) yield found;
  }
}

/** What a post names. */
export function mediaOf(post: Uint8Array): readonly Hash[] {
  const object = decodeObject(post);
  return object.type === "SocialPost" ? object.media : [];
}

/** Own posts, one at a time: each may have 64 KiB. */
export async function* ownPosts(store: Store): AsyncGenerator<{ hash: Hash; bytes: Uint8Array; storedAt: number }> {
  for (const hash of await store.objectHashes(ObjectType.SocialPost)) {
    const object = await store.object(hash);
    if (object?.holding === "own") yield object;
  }
}

/**
 * What everybody may see of an identity, from a store that holds it to one that does not: a locked store gives this
 * without its passphrase.
 */
export async function copyOwn(from: Store, to: Store, self: NodeKey, signal?: AbortSignal): Promise<void> {
  const put = async (batch: WriteBatch): Promise<void> => {
    signal?.throwIfAborted();
    await to.commit(batch);
  };
  const head = await from.head(ObjectType.UserProfile, self, "");
  if (head !== undefined) {
    await put({ heads: [head] });
    const picture = await ownPicture(from, head);
    if (picture !== null) await to.blobs.put(picture.hash, [picture.bytes], signal, "own");
  }
  const heads = await ownCurations(from, self);
  const closed = heads.flatMap(({ bytes }) => {
    const feed = decodeObject(bytes);
    return feed.type === "CuratedFeed" && saysClosed(feed) ? [feed.name] : [];
  });
  await put({ heads, settings: closed.length === 0 ? {} : { [CLOSED_KEY]: closed } });
  for await (const { bytes, hash, storedAt } of ownPosts(from)) {
    await put({ objects: [{ hash, type: ObjectType.SocialPost, bytes, holding: "own", storedAt }] });
    for (const media of mediaOf(bytes)) await copyFile(from, to, media, signal);
  }
  for await (const page of ownEnvelopes(from, self)) {
    await put({ envelopes: page.map(({ bytes, hash }) => ({ hash, bytes, envelope: decodeEnvelope(bytes) })) });
  }
  const own = (await from.outbox()).filter(({ hash }) => to.envelopes.has(hash));
  if (own.length > 0) await put({ outboxPut: own });
}

/** Only what lies among the blobs: those are not sealed. */
async function copyFile(from: Store, to: Store, hash: Hash, signal: AbortSignal | undefined): Promise<void> {
  const size = await from.blobs.size(hash);
  if (size === undefined || size > MAX_ATTACHMENT) return;
  const bytes = await from.blobs.read(hash);
  if (bytes !== undefined) await to.blobs.put(hash, [bytes], signal, "own");
}
