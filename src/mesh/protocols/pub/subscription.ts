import { scopeKey, toHex, type NodeKey, type PostEnvelope, type Scope } from "../../../wire/index.ts";
import type { LibraryFilter } from "../library.ts";

export type Target =
  | { readonly kind: "node"; readonly key: NodeKey }
  | { readonly kind: "scope"; readonly scope: Scope; readonly match: "exact" | "prefix" };

/** docs/protocol.md, "Places, topics and channels". Peers that run this version deliver `push` and refuse the others. */
export type Mode = "push" | "digest" | "pullhint";

export interface Subscription {
  readonly target: Target;
  readonly mode: Mode;
}

/** One text for each target: `n:<hex of the key>`, `e:<scope key>` (exact) or `p:<scope key>` (prefix). */
export function targetKey(target: Target): string {
  if (target.kind === "node") return `n:${toHex(target.key)}`;
  return `${target.match === "exact" ? "e" : "p"}:${scopeKey(target.scope)}`;
}

/** Targets as the store's index understands them. What declares no scope still has to be taken out. */
export function filterOf(targets: readonly Target[]): LibraryFilter {
  const authors = targets.flatMap((target) => (target.kind === "node" ? [target.key] : []));
  const filters = targets.filter((target) => target.kind === "scope") as LibraryFilter[];
  if (authors.length > 0) filters.push({ kind: "authors", authors });
  const [only] = filters;
  return filters.length === 1 && only !== undefined ? only : { kind: "any", of: filters };
}

/** Which envelopes a set of targets covers. An envelope without scopes is covered by none. */
export class Matcher {
  readonly #authors = new Set<string>();
  readonly #exact = new Set<string>();
  readonly #prefixes = new Set<string>();

  constructor(targets: Iterable<Target>) {
    for (const target of targets) {
      if (target.kind === "node") this.#authors.add(toHex(target.key));
      else (target.match === "exact" ? this.#exact : this.#prefixes).add(scopeKey(target.scope));
    }
  }

  matches(envelope: Pick<PostEnvelope, "author" | "scopes">): boolean {
    if (envelope.scopes.length === 0) return false;
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
