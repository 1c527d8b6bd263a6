/**
 * What the protocols need of a store, and the rule of what of it may leave this node. `Store` of the store room fits
 * this shape as it is; the mesh does not import that room.
 */
import {
  decodeEnvelope,
  ObjectType,
  toHex,
  type Hash,
  type NodeKey,
  type ObjectTypeNumber,
  type Scope,
} from "../../wire/index.ts";

export type LibraryFilter =
  | { readonly kind: "all" }
  | { readonly kind: "authors"; readonly authors: readonly NodeKey[] }
  | { readonly kind: "scope"; readonly scope: Scope; readonly match: "exact" | "prefix" }
  | { readonly kind: "relation"; readonly relation: "reply" | "boost" | "reference" | "post"; readonly target: Hash }
  | { readonly kind: "unscoped" }
  | { readonly kind: "any"; readonly of: readonly LibraryFilter[] }
  | { readonly kind: "every"; readonly of: readonly LibraryFilter[] };

export interface LibraryRow {
  readonly seq: number;
  readonly hash: Hash;
  readonly author: NodeKey;
  readonly created: number;
}

export interface LibraryEnvelopes {
  has(hash: Hash): boolean;
  row(hash: Hash): LibraryRow | undefined;
  /** Newest first; only those after the place `before` in that order, that is: older ones. */
  query(query: { filter: LibraryFilter; limit: number; before?: Pick<LibraryRow, "created" | "hash"> }): LibraryRow[];
  /** In order of arrival. */
  arrivals(query: { filter: LibraryFilter; since: number; limit: number }): LibraryRow[];
  count(filter: LibraryFilter): number;
  readonly lastSeq: number;
  bytes(hashes: readonly Hash[]): Promise<(Uint8Array | undefined)[]>;
}

export interface LibraryObject {
  readonly type: ObjectTypeNumber;
  readonly bytes: Uint8Array;
  /** `own`: written here; `trusted`: fetched while only envelopes without scopes named it; anything else came from others. */
  readonly holding?: string;
}

export interface LibraryHead {
  readonly sequence: number;
  readonly bytes: Uint8Array;
  readonly forkBytes: Uint8Array | null;
}

export interface Library {
  /** Cursors of one epoch mean nothing in another. */
  readonly epoch: Uint8Array;
  readonly envelopes: LibraryEnvelopes;
  object(hash: Hash): Promise<LibraryObject | undefined>;
  hasObject(hash: Hash): Promise<boolean>;
  head(type: ObjectTypeNumber, owner: NodeKey, name: string): Promise<LibraryHead | undefined>;
  /** Whether a certificate that stands here rests on this object: then anybody may check it. Default: none does. */
  isEvidence?(hash: Hash): boolean;
  /**
   * Bytes that are no object: the picture of somebody whose profile is held, or a file of a post; where there are none, left out.
   * @param mayHave whether whoever asks may have this post
   */
  readonly blob?: (hash: Hash, mayHave: (post: Hash) => Promise<boolean>) => Promise<Uint8Array | undefined>;
}

/** Objects made to be read by others. Agreements, channel states and receipts concern the two who signed them. */
const PUBLIC_TYPES: ReadonlySet<number> = new Set<number>([
  ObjectType.SocialPost,
  ObjectType.UserProfile,
  ObjectType.CuratedFeed,
  ObjectType.MediaManifest,
  ObjectType.IdentityClaim,
  ObjectType.PromotionCertificate,
]);

/** Envelopes without scopes of one post that are looked at: so many of one text nobody writes. */
const MAX_HIDDEN = 1_024;

/** Who asks: whom this peer trusts, or anybody. */
export type Asker = "anybody" | "trusted";

/**
 * Bytes of an envelope or object that this asker may have; `undefined` when it is not held or not for this one.
 * What declares no scope goes to trusted peers alone, and so does a post that only such envelopes name, or one that was
 * written here, or fetched from a trusted peer, and that none names any more: its envelope may have been such a one.
 */
export async function bytesFor(asker: Asker, library: Library, hash: Hash): Promise<Uint8Array | undefined> {
  if (library.envelopes.has(hash)) {
    const [bytes] = await library.envelopes.bytes([hash]);
    return bytes === undefined || (asker === "anybody" && isUnscoped(bytes)) ? undefined : bytes;
  }
  const object = await library.object(hash);
  if (object === undefined) {
    // A file of a post goes to whom the post goes.
    return await library.blob?.(hash, async (post) => (await bytesFor(asker, library, post)) !== undefined);
  }
  if (!PUBLIC_TYPES.has(object.type) && library.isEvidence?.(hash) !== true) return undefined;
  if (asker === "trusted") return object.bytes;
  const naming = namingOf(library, hash);
  return naming === "unscoped" || (naming === "none" && isPrivatePost(object)) ? undefined : object.bytes;
}

/** Which of these `bytesFor` would give. Sizes are not looked at. */
export async function heldFor(asker: Asker, library: Library, hashes: readonly Hash[]): Promise<boolean[]> {
  const someUnscoped = asker === "anybody" && library.envelopes.count({ kind: "unscoped" }) > 0;
  return Promise.all(
    hashes.map(async (hash) => {
      // Reading bytes is what costs: most stores hold no unscoped envelope at all, and most posts have an envelope.
      const held = library.envelopes.has(hash);
      if (held && !someUnscoped) return true;
      if (!held && namingOf(library, hash) === "scoped") return await library.hasObject(hash);
      return (await bytesFor(asker, library, hash)) !== undefined;
    }),
  );
}

/** Rows of `rows` (oldest first or newest first, as `query` or `arrivals` gave them) that declare a scope. */
export function withoutUnscoped<Row extends LibraryRow>(rows: readonly Row[], unscoped: readonly Row[]): Row[] {
  const hidden = new Set(unscoped.map((row) => row.seq));
  return hidden.size === 0 ? [...rows] : rows.filter((row) => !hidden.has(row.seq));
}

function isUnscoped(bytes: Uint8Array): boolean {
  return decodeEnvelope(bytes).scopes.length === 0;
}

function isPrivatePost({ holding, type }: LibraryObject): boolean {
  return type === ObjectType.SocialPost && (holding === "own" || holding === "trusted");
}

/** Envelopes of one author and millisecond that are looked at. */
const MAX_AT_ONCE = 1_024;

/** Whether this names what is for trusted people only, as far as is known here: an envelope without scopes, or the post of such. */
export function isForTrusted(
  { envelopes }: { readonly envelopes: Pick<LibraryEnvelopes, "count" | "query" | "row"> },
  hash: Hash,
): boolean {
  const row = envelopes.row(hash);
  if (row === undefined) return namingOf({ envelopes }, hash) === "unscoped";
  const { author, created } = row;
  const filter: LibraryFilter = { kind: "every", of: [{ kind: "authors", authors: [author] }, { kind: "unscoped" }] };
  const before = { created: created + 1, hash: new Uint8Array(hash.length) };
  return envelopes.query({ filter, limit: MAX_AT_ONCE, before }).some((other) => other.seq === row.seq);
}

const MENTIONS = ["reply", "boost", "reference"] as const;

/**
 * Whether this was heard of among trusted people alone: it is for them, or it is not held and nothing but envelopes without
 * scopes answers, boosts or refers to it. What happens by itself names it to nobody else.
 */
export function isKnownPrivately(library: Parameters<typeof isForTrusted>[0], hash: Hash): boolean {
  const { envelopes } = library;
  if (isForTrusted(library, hash)) return true;
  if (envelopes.row(hash) !== undefined || namingOf(library, hash) !== "none") return false;
  const mentioned: LibraryFilter = {
    kind: "any",
    of: MENTIONS.map((relation) => ({ kind: "relation", relation, target: hash })),
  };
  const all = envelopes.count(mentioned);
  return all > 0 && envelopes.count({ kind: "every", of: [mentioned, { kind: "unscoped" }] }) === all;
}

/**
 * Which envelopes name this as their post: one with a scope at least, others only, or none. Where envelopes without
 * scopes name it, only the author of each can make it public: whoever learned the hash could sign another envelope.
 */
export function namingOf(
  { envelopes }: { readonly envelopes: Pick<LibraryEnvelopes, "query" | "count"> },
  hash: Hash,
): "scoped" | "unscoped" | "none" {
  const named: LibraryFilter = { kind: "relation", relation: "post", target: hash };
  const hidden = envelopes.query({ filter: { kind: "every", of: [named, { kind: "unscoped" }] }, limit: MAX_HIDDEN });
  if (hidden.length === 0) return envelopes.count(named) > 0 ? "scoped" : "none";
  // Somebody does that on purpose, and counting would not end.
  if (hidden.length === MAX_HIDDEN) return "unscoped";
  const hiddenBy = new Map<string, { author: NodeKey; times: number }>();
  for (const { author } of hidden) {
    const key = toHex(author);
    hiddenBy.set(key, { author, times: (hiddenBy.get(key)?.times ?? 0) + 1 });
  }
  const isPublic = [...hiddenBy.values()].every(({ author, times }) => {
    return envelopes.count({ kind: "every", of: [named, { kind: "authors", authors: [author] }] }) > times;
  });
  return isPublic ? "scoped" : "unscoped";
}
