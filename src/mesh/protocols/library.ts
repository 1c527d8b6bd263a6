/**
 * What the protocols need of a store, and the rule of what of it may leave this node. `Store` of the store room fits
 * this shape as it is; the mesh does not import that room.
 */
import {
  decodeEnvelope,
  ObjectType,
  type Hash,
  type NodeKey,
  type ObjectTypeNumber,
  type Scope,
} from "../../wire/index.ts";

export type LibraryFilter =
  | { readonly kind: "all" }
  | { readonly kind: "authors"; readonly authors: readonly NodeKey[] }
  | { readonly kind: "scope"; readonly scope: Scope; readonly match: "exact" | "prefix" }
  | { readonly kind: "relation"; readonly relation: "post"; readonly target: Hash }
  | { readonly kind: "unscoped" }
  | { readonly kind: "any"; readonly of: readonly LibraryFilter[] }
  | { readonly kind: "every"; readonly of: readonly LibraryFilter[] };

export interface LibraryRow {
  readonly seq: number;
  readonly hash: Hash;
  readonly author: NodeKey;
}

export interface LibraryEnvelopes {
  has(hash: Hash): boolean;
  /** Newest first. */
  query(query: { filter: LibraryFilter; limit: number }): LibraryRow[];
  /** In order of arrival. */
  arrivals(query: { filter: LibraryFilter; since: number; limit: number }): LibraryRow[];
  count(filter: LibraryFilter): number;
  readonly lastSeq: number;
  bytes(hashes: readonly Hash[]): Promise<(Uint8Array | undefined)[]>;
}

export interface LibraryObject {
  readonly type: ObjectTypeNumber;
  readonly bytes: Uint8Array;
  /** `own`: written here; anything else came from others. */
  readonly holding?: string;
}

export interface LibraryHead {
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
}

/** Objects made to be read by others. Agreements, channel states and receipts concern the two who signed them. */
const PUBLIC_TYPES: ReadonlySet<number> = new Set<number>([
  ObjectType.SocialPost,
  ObjectType.UserProfile,
  ObjectType.CuratedFeed,
  ObjectType.MediaManifest,
  ObjectType.IdentityClaim,
]);

/** Envelopes without scopes of one post: all are this peer's own, and so many of one text nobody writes. */
const MAX_HIDDEN = 1_024;

/**
 * Bytes of an envelope or object that anyone may have; `undefined` when it is not held or not for everyone.
 * Nobody is trusted yet, so what declares no scope stays here, and so does a post that only such envelopes name, or one
 * written here that none names any more: its envelope may have been such a one.
 */
export async function publicBytes(library: Library, hash: Hash): Promise<Uint8Array | undefined> {
  if (library.envelopes.has(hash)) {
    const [bytes] = await library.envelopes.bytes([hash]);
    return bytes === undefined || isUnscoped(bytes) ? undefined : bytes;
  }
  const object = await library.object(hash);
  if (object === undefined || !PUBLIC_TYPES.has(object.type)) return undefined;
  const naming = namingOf(library, hash);
  return naming === "unscoped" || (naming === "none" && isOwnPost(object)) ? undefined : object.bytes;
}

/** Which of these `publicBytes` would give. Sizes are not looked at. */
export async function publiclyHeld(library: Library, hashes: readonly Hash[]): Promise<boolean[]> {
  const someUnscoped = library.envelopes.count({ kind: "unscoped" }) > 0;
  return Promise.all(
    hashes.map(async (hash) => {
      // Reading bytes is what costs: most stores hold no unscoped envelope at all, and most posts have an envelope.
      const held = library.envelopes.has(hash);
      if (held && !someUnscoped) return true;
      if (!held && namingOf(library, hash) === "scoped") return await library.hasObject(hash);
      return (await publicBytes(library, hash)) !== undefined;
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

function isOwnPost({ holding, type }: LibraryObject): boolean {
  return type === ObjectType.SocialPost && holding === "own";
}

/**
 * Which envelopes name this as their post: one with a scope at least, others only, or none. Where an envelope without
 * scopes names it, only its own author can make it public: anybody who learned the hash could sign another envelope.
 */
export function namingOf({ envelopes }: Pick<Library, "envelopes">, hash: Hash): "scoped" | "unscoped" | "none" {
  const named: LibraryFilter = { kind: "relation", relation: "post", target: hash };
  const hidden = envelopes.query({ filter: { kind: "every", of: [named, { kind: "unscoped" }] }, limit: MAX_HIDDEN });
  if (hidden.length === 0) return envelopes.count(named) > 0 ? "scoped" : "none";
  const authors = hidden.map((row) => row.author);
  const byThem = envelopes.count({ kind: "every", of: [named, { kind: "authors", authors }] });
  return byThem > hidden.length ? "scoped" : "unscoped";
}
