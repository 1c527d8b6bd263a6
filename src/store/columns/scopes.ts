import { scopeFromKey, scopeKey, type Scope } from "../../wire/index.ts";
import type { ScopeBranch, ScopeCount } from "../port.ts";
import { gathered, inverseOf, NONE, withRoom } from "./arrays.ts";
import type { Postings } from "./postings.ts";

export interface SavedScopes {
  readonly keys: readonly string[];
  readonly parent: Uint32Array;
  readonly exact: Uint32Array;
  readonly subtree: Uint32Array;
}

export interface BranchQuery {
  readonly kind: Scope["kind"];
  readonly within: Scope | null;
  readonly skip: number;
  readonly limit: number;
}

/**
 * The scopes seen, as a tree: `g:europe` is the parent of `g:europe/nl`. Nodes are numbered from 0.
 *
 * Every node has the posting list of the envelopes that declare exactly it. A node below which something was declared
 * also has the list of the whole subtree, so that asking for a country costs the same as asking for a street, however
 * many streets were invented there.
 */
export class ScopeTree {
  #ids = new Map<string, number>();
  #keys: string[] = [];
  /** Parent of each node, `NONE` at the top. */
  #parent: Uint32Array = new Uint32Array(0);
  #exact: Uint32Array = new Uint32Array(0);
  /** `NONE` while nothing below the node was declared: the subtree is then the node itself. */
  #subtree: Uint32Array = new Uint32Array(0);
  readonly #postings: Postings;

  constructor(postings: Postings, saved?: SavedScopes) {
    this.#postings = postings;
    if (saved === undefined) return;
    this.#keys = [...saved.keys];
    this.#keys.forEach((key, node) => this.#ids.set(key, node));
    this.#parent = saved.parent;
    this.#exact = saved.exact;
    this.#subtree = saved.subtree;
  }

  get size(): number {
    return this.#keys.length;
  }

  /** Node of a scope, `NONE` when neither it nor anything below it was ever declared. */
  find(scope: Scope): number {
    return this.#ids.get(scopeKey(scope)) ?? NONE;
  }

  intern(scope: Scope): number {
    return this.#internKey(scopeKey(scope));
  }

  exactList(node: number): number {
    return this.#exact[node]!;
  }

  subtreeList(node: number): number {
    const list = this.#subtree[node]!;
    return list === NONE ? this.#exact[node]! : list;
  }

  /** Whether `node` is `ancestor` or below it. */
  isWithin(node: number, ancestor: number): boolean {
    for (let at = node; at !== NONE; at = this.#parent[at]!) if (at === ancestor) return true;
    return false;
  }

  /** Every list in which an envelope that declares these nodes stands, each once. */
  listsOf(nodes: readonly number[]): Set<number> {
    const lists = new Set<number>();
    for (const node of nodes) {
      lists.add(this.#exact[node]!);
      for (let at = node; at !== NONE; at = this.#parent[at]!) {
        if (this.#subtree[at] !== NONE) lists.add(this.#subtree[at]!);
      }
    }
    return lists;
  }

  /** Makes sure that every ancestor of these nodes has a list of its subtree. Before `listsOf`, when rows are added. */
  openAncestors(nodes: readonly number[]): void {
    for (const node of nodes) {
      for (let at = this.#parent[node]!; at !== NONE && this.#subtree[at] === NONE; at = this.#parent[at]!) {
        this.#subtree[at] = this.#postings.copy(this.#exact[at]!);
      }
    }
  }

  /** Declared scopes of which some segment and what follows it begins with `prefix`, most used first. */
  suggest(kind: Scope["kind"], prefix: string, limit: number): ScopeCount[] {
    const mark = kind === "geo" ? "g:" : "t:";
    const matches: { key: string; count: number }[] = [];
    this.#keys.forEach((key, node) => {
      if (!key.startsWith(mark)) return;
      const count = this.#postings.live(this.#exact[node]!);
      if (count > 0 && beginsAtSegment(key, mark.length, prefix)) matches.push({ key, count });
    });
    matches.sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1));
    return matches.slice(0, limit).map(({ key, count }) => ({ scope: scopeFromKey(key), count }));
  }

  /** Scopes right below `within` of which something is held, or the top ones; most used first, then by name. */
  branches({ kind, within, skip, limit }: BranchQuery): ScopeBranch[] {
    const mark = kind === "geo" ? "g:" : "t:";
    const parent = within === null ? NONE : this.find(within);
    if (within !== null && parent === NONE) return [];
    const below = new Map<number, number>();
    const found: { key: string; node: number; count: number }[] = [];
    this.#keys.forEach((key, node) => {
      if (!key.startsWith(mark)) return;
      const count = this.#postings.live(this.subtreeList(node));
      if (count === 0) return;
      const above = this.#parent[node]!;
      if (above === parent) found.push({ key, node, count });
      else below.set(above, (below.get(above) ?? 0) + 1);
    });
    found.sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1));
    return found
      .slice(skip, skip + limit)
      .map(({ key, node, count }) => ({ scope: scopeFromKey(key), count, branches: below.get(node) ?? 0 }));
  }

  /**
   * Forgets nodes in whose subtree nothing is left. `Postings.remap` has to be done already.
   * @returns the new number of each old node, `NONE` for forgotten ones
   */
  prune(): Uint32Array {
    const kept: number[] = [];
    for (let node = 0; node < this.#keys.length; node += 1) {
      if (this.#postings.length(this.subtreeList(node)) > 0) {
        kept.push(node);
        continue;
      }
      this.#postings.release(this.#exact[node]!);
      if (this.#subtree[node] !== NONE) this.#postings.release(this.#subtree[node]!);
    }
    const order = Uint32Array.from(kept);
    const renamed = inverseOf(order, this.#keys.length);
    this.#keys = kept.map((node) => this.#keys[node]!);
    this.#ids = new Map(this.#keys.map((key, node) => [key, node]));
    this.#parent = gathered(this.#parent, order).map((parent) => (parent === NONE ? NONE : renamed[parent]!));
    this.#exact = gathered(this.#exact, order);
    this.#subtree = gathered(this.#subtree, order);
    return renamed;
  }

  save(): SavedScopes {
    const size = this.#keys.length;
    return {
      keys: [...this.#keys],
      parent: this.#parent.slice(0, size),
      exact: this.#exact.slice(0, size),
      subtree: this.#subtree.slice(0, size),
    };
  }

  #internKey(key: string): number {
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const cut = key.lastIndexOf("/");
    const parent = cut === -1 ? NONE : this.#internKey(key.slice(0, cut));
    const node = this.#keys.length;
    this.#ids.set(key, node);
    this.#keys.push(key);
    this.#parent = withRoom(this.#parent, node + 1);
    this.#exact = withRoom(this.#exact, node + 1);
    this.#subtree = withRoom(this.#subtree, node + 1);
    this.#parent[node] = parent;
    this.#exact[node] = this.#postings.create();
    this.#subtree[node] = NONE;
    return node;
  }
}

function beginsAtSegment(key: string, from: number, prefix: string): boolean {
  for (let start = from; start > 0; start = key.indexOf("/", start) + 1) {
    if (key.startsWith(prefix, start)) return true;
  }
  return false;
}
