import type { Store } from "../../store/port.ts";
import { feedHash, pageOf } from "../../social/index.ts";
import {
  decodeEnvelope,
  decodeObject,
  equalBytes,
  ObjectType,
  type CuratedEntry,
  type CuratedFeed,
  type Hash,
  type NodeKey,
} from "../../wire/index.ts";
import { indexKey, keysOf } from "./keys.ts";

/** Own envelopes that are announced anew when a peer starts, the newest: records live three hours (src/mesh/dht). */
const MAX_ENVELOPES = 64;
/** Entries of own curated feeds, the newest of each. */
const MAX_ENTRIES = 32;

/** Keys of the provider records by which others find what this person wrote, the most important last. */
export async function ownKeys(store: Store, self: NodeKey): Promise<Hash[]> {
  const keys: Hash[] = [];
  for (const { bytes, owner } of await store.heads(ObjectType.CuratedFeed)) {
    const feed = equalBytes(owner, self) ? decodeObject(bytes) : null;
    // A further page is found by its feed.
    if (feed?.type === "CuratedFeed" && pageOf(feed) === null) keys.push(...feedKeys(feed));
  }
  const rows = store.envelopes.query({ filter: { kind: "authors", authors: [self] }, limit: MAX_ENVELOPES });
  const hashes = rows.map(({ hash }) => hash).toReversed();
  for (const [at, bytes] of (await store.envelopes.bytes(hashes)).entries()) {
    if (bytes !== undefined) keys.push(...keysOf(hashes[at] as Hash, decodeEnvelope(bytes)));
  }
  return [...keys, ...(await profileKeys(store, self))];
}

/** The same for one curated feed: it is found by what it holds, by its curator and by its own hash. */
export function feedKeys({
  curator,
  entries,
  name,
}: { readonly entries: readonly CuratedEntry[] } & Pick<CuratedFeed, "curator" | "name">): Hash[] {
  const newest = entries.toSorted((a, b) => b.added - a.added).slice(0, MAX_ENTRIES);
  return [
    ...newest.map(({ postHash }) => indexKey("curation", postHash)),
    indexKey("feed", curator),
    indexKey("feed", feedHash({ curator, name })),
  ];
}

/** The same for the own profile, and its picture. */
export async function profileKeys(store: Store, self: NodeKey): Promise<Hash[]> {
  const head = await store.head(ObjectType.UserProfile, self, "");
  const profile = head === undefined ? null : decodeObject(head.bytes);
  if (profile?.type !== "UserProfile") return [];
  return profile.avatar === null ? [indexKey("profile", self)] : [profile.avatar, indexKey("profile", self)];
}
