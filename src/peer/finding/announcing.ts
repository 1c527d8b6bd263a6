import type { Store } from "../../store/port.ts";
import { decodeEnvelope, decodeObject, equalBytes, ObjectType, type Hash, type NodeKey } from "../../wire/index.ts";
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
    if (feed?.type !== "CuratedFeed") continue;
    const newest = feed.entries.toSorted((a, b) => b.added - a.added).slice(0, MAX_ENTRIES);
    keys.push(...newest.map(({ postHash }) => indexKey("curation", postHash)));
  }
  const rows = store.envelopes.query({ filter: { kind: "authors", authors: [self] }, limit: MAX_ENVELOPES });
  const hashes = rows.map(({ hash }) => hash).toReversed();
  for (const [at, bytes] of (await store.envelopes.bytes(hashes)).entries()) {
    if (bytes !== undefined) keys.push(...keysOf(hashes[at] as Hash, decodeEnvelope(bytes)));
  }
  return [...keys, ...(await profileKeys(store, self))];
}

/** The same for the own profile, and its picture. */
export async function profileKeys(store: Store, self: NodeKey): Promise<Hash[]> {
  const head = await store.head(ObjectType.UserProfile, self, "");
  const profile = head === undefined ? null : decodeObject(head.bytes);
  if (profile?.type !== "UserProfile") return [];
  return profile.avatar === null ? [indexKey("profile", self)] : [profile.avatar, indexKey("profile", self)];
}
