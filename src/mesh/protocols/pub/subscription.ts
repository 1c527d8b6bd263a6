import {
  ObjectType,
  scopeKey,
  toHex,
  type NodeKey,
  type ObjectTypeNumber,
  type PostEnvelope,
  type Scope,
} from "../../../wire/index.ts";
import type { LibraryFilter } from "../library.ts";

/** A mutable object: its key (docs/protocol.md, section 3). */
export interface KeyTarget {
  readonly kind: "key";
  readonly type: ObjectTypeNumber;
  readonly owner: NodeKey;
  readonly name: string;
}

export type Target =
  | { readonly kind: "node"; readonly key: NodeKey }
  | { readonly kind: "scope"; readonly scope: Scope; readonly match: "exact" | "prefix" }
  | KeyTarget
  /** What declares no scope: for whom the server trusts. Asked only of peers that are trusted here. */
  | { readonly kind: "trusted" };

/** Types whose versions can be subscribed to. */
export const MUTABLE_TYPES: ReadonlySet<number> = new Set<number>([ObjectType.UserProfile, ObjectType.CuratedFeed]);

/** docs/protocol.md, section 11: at once, hash and headline each minute, or hashes alone. */
export type Mode = "push" | "digest" | "pullhint";

export interface Subscription {
  readonly target: Target;
  readonly mode: Mode;
}

/**
 * One text for each target: `n:<hex of the key>`, `e:<scope key>` (exact), `p:<scope key>` (prefix),
 * `k:<type>:<hex of the owner>:<name>`, or `t` (trusted).
 */
export function targetKey(target: Target): string {
  const known = keys.get(target);
  if (known !== undefined) return known;
  const key = keyOf(target);
  keys.set(target, key);
  return key;
}

/** Targets live as long as a subscription does, and are compared with each neighbour that comes and goes. */
const keys = new WeakMap<Target, string>();

function keyOf(target: Target): string {
  switch (target.kind) {
    case "node":
      return `n:${toHex(target.key)}`;
    case "scope":
      return `${target.match === "exact" ? "e" : "p"}:${scopeKey(target.scope)}`;
    case "key":
      return `k:${target.type}:${toHex(target.owner)}:${target.name}`;
    case "trusted":
      return "t";
  }
}

/**
 * Where the cursor of a subscription is kept. Digests and hints have cursors of their own: what was only told of is still to
 * come once the subscription is pushed again.
 */
export function cursorKey({ mode, target }: Subscription): string {
  const key = targetKey(target);
  return mode === "push" || target.kind === "key" || target.kind === "trusted" ? key : `${mode}:${key}`;
}

/** Targets as the store's index understands them. What declares no scope still has to be taken out, unless it is asked for. */
export function filterOf(targets: readonly Target[]): LibraryFilter {
  const authors = targets.flatMap((target) => (target.kind === "node" ? [target.key] : []));
  const filters: LibraryFilter[] = targets.filter((target) => target.kind === "scope");
  if (authors.length > 0) filters.push({ kind: "authors", authors });
  if (targets.some((target) => target.kind === "trusted")) filters.push({ kind: "unscoped" });
  const [only] = filters;
  return filters.length === 1 && only !== undefined ? only : { kind: "any", of: filters };
}

/** Which envelopes a set of targets covers. One without scopes is covered by the target of trusted people alone. */
export class Matcher {
  readonly #authors = new Set<string>();
  readonly #exact = new Set<string>();
  readonly #prefixes = new Set<string>();
  #trusted = false;

  constructor(targets: Iterable<Target>) {
    for (const target of targets) {
      if (target.kind === "node") this.#authors.add(toHex(target.key));
      else if (target.kind === "scope")
        (target.match === "exact" ? this.#exact : this.#prefixes).add(scopeKey(target.scope));
      else if (target.kind === "trusted") this.#trusted = true;
    }
  }

  matches(envelope: Pick<PostEnvelope, "author" | "scopes">): boolean {
    if (envelope.scopes.length === 0) return this.#trusted;
    if (this.#authors.size > 0 && this.#authors.has(toHex(envelope.author))) return true;
    return envelope.scopes.some((scope) => this.#exact.has(scopeKey(scope)) || this.#hasPrefixOf(scope));
  }

  #hasPrefixOf(scope: Scope): boolean {
    if (this.#prefixes.size === 0) return false;
    return scope.segments.some((_, at) =>
      this.#prefixes.has(scopeKey({ kind: scope.kind, segments: scope.segments.slice(0, at + 1) })),
    );
  }
}
