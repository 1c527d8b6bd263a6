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

export interface LibraryHead {
  readonly bytes: Uint8Array;
  readonly forkBytes: Uint8Array | null;
}

export interface Library {
  /** Cursors of one epoch mean nothing in another. */
  readonly epoch: Uint8Array;
  readonly envelopes: LibraryEnvelopes;
  object(hash: Hash): Promise<{ readonly type: ObjectTypeNumber; readonly bytes: Uint8Array } | undefined>;
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

/**
 * Bytes of an envelope or object that anyone may have; `undefined` when it is not held or not for everyone.
 * Nobody is trusted yet, so what declares no scope stays here, and so does a post that only such envelopes name.
 */
export async function publicBytes(library: Library, hash: Hash): Promise<Uint8Array | undefined> {
  if (library.envelopes.has(hash)) {
    const [bytes] = await library.envelopes.bytes([hash]);
    return bytes === undefined || isUnscoped(bytes) ? undefined : bytes;
  }
  const object = await library.object(hash);
  if (object === undefined || !PUBLIC_TYPES.has(object.type) || isPrivatePost(library, hash)) return undefined;
  return object.bytes;
}

/** Which of these `publicBytes` would give. Sizes are not looked at. */
export async function publiclyHeld(library: Library, hashes: readonly Hash[]): Promise<boolean[]> {
  const someUnscoped = library.envelopes.count({ kind: "unscoped" }) > 0;
  return Promise.all(
    hashes.map(async (hash) => {
      if (!library.envelopes.has(hash)) return !isPrivatePost(library, hash) && (await library.hasObject(hash));
      // Reading bytes is what costs, and most stores hold no unscoped envelope at all.
      return !someUnscoped || (await publicBytes(library, hash)) !== undefined;
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

function isPrivatePost(library: Library, hash: Hash): boolean {
  const named: LibraryFilter = { kind: "relation", relation: "post", target: hash };
  const unscoped = library.envelopes.count({ kind: "every", of: [named, { kind: "unscoped" }] });
  return unscoped > 0 && unscoped === library.envelopes.count(named);
}
