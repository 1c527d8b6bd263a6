/** The envelope index as anyone would write it first: an array, filters as predicates. What the columns are held against. */
import { compareBytes, equalBytes, type Hash, type Scope, scopeKey, scopeWithin, toHex } from "../../src/wire/index.ts";
import type {
  EnvelopeFilter,
  EnvelopeQuery,
  NewEnvelope,
  ScopeBranch,
  ScopeCount,
  TimeCursor,
} from "../../src/store/index.ts";

interface Entry extends NewEnvelope {
  readonly seq: number;
}

export class NaiveIndex {
  #entries: Entry[] = [];
  lastSeq = 0;

  add(envelopes: readonly NewEnvelope[]): void {
    for (const envelope of envelopes) {
      if (this.has(envelope.hash)) continue;
      this.lastSeq += 1;
      this.#entries.push({ ...envelope, seq: this.lastSeq });
    }
  }

  remove(hashes: readonly Hash[]): void {
    this.#entries = this.#entries.filter((entry) => !hashes.some((hash) => equalBytes(hash, entry.hash)));
  }

  get size(): number {
    return this.#entries.length;
  }

  has(hash: Hash): boolean {
    return this.#entries.some((entry) => equalBytes(entry.hash, hash));
  }

  query({ filter, before, after, limit }: EnvelopeQuery): string[] {
    return this.#entries
      .filter((entry) => matches(entry, filter))
      .filter((entry) => before === undefined || placeOf(entry, before) < 0)
      .filter((entry) => after === undefined || placeOf(entry, after) > 0)
      .sort((a, b) => b.envelope.created - a.envelope.created || compareBytes(b.hash, a.hash))
      .slice(0, limit)
      .map(({ hash }) => toHex(hash));
  }

  arrivals({ filter, since, limit }: { filter: EnvelopeFilter; since: number; limit: number }): string[] {
    return this.#entries
      .filter((entry) => entry.seq > since && matches(entry, filter))
      .slice(0, limit)
      .map(({ hash }) => toHex(hash));
  }

  /** Those that name the envelope itself, and those that name its post. */
  answers(hash: Hash, limit: number): [toEnvelope: string[], toPost: string[]] {
    const post = this.#entries.find((entry) => equalBytes(entry.hash, hash))?.envelope.postHash ?? null;
    const to = (target: Hash): string[] =>
      this.query({ filter: { kind: "relation", relation: "reply", target }, limit });
    return [to(hash), post === null ? [] : to(post)];
  }

  count(filter: EnvelopeFilter, window?: { after: TimeCursor; most: number }): number {
    return this.query({ filter, limit: window?.most ?? Infinity, ...(window && { after: window.after }) }).length;
  }

  branches(kind: Scope["kind"], within: string | null): ScopeBranch[] {
    const under = new Map<string, Set<Entry>>();
    for (const entry of this.#entries) {
      for (const { kind: own, segments } of entry.envelope.scopes) {
        if (own !== kind) continue;
        for (let depth = 1; depth <= segments.length; depth += 1) {
          const key = scopeKey({ kind, segments: segments.slice(0, depth) });
          under.set(key, (under.get(key) ?? new Set()).add(entry));
        }
      }
    }
    const childrenOf = (parent: string | null): string[] =>
      [...under.keys()].filter((key) => {
        const cut = key.lastIndexOf("/");
        return (cut === -1 ? null : key.slice(0, cut)) === parent;
      });
    return childrenOf(within)
      .map((key) => ({ key, count: under.get(key)?.size ?? 0, branches: childrenOf(key).length }))
      .sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1))
      .map(({ key, ...rest }) => ({ scope: { kind, segments: key.slice(2).split("/") }, ...rest }));
  }

  scopes(kind: Scope["kind"], prefix: string, limit: number): ScopeCount[] {
    const counts = new Map<string, number>();
    for (const { envelope } of this.#entries) {
      for (const scope of envelope.scopes) counts.set(scopeKey(scope), (counts.get(scopeKey(scope)) ?? 0) + 1);
    }
    const found: { key: string; scope: Scope; count: number }[] = [];
    for (const [key, count] of counts) {
      const segments = key.slice(2).split("/");
      const fits = segments.some((_, at) => segments.slice(at).join("/").startsWith(prefix));
      if (key.startsWith(kind === "geo" ? "g:" : "t:") && fits) {
        found.push({ key, scope: { kind, segments }, count });
      }
    }
    return found
      .sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1))
      .slice(0, limit)
      .map(({ scope, count }) => ({ scope, count }));
  }
}

/** Negative when the entry is older than the place, positive when newer. */
function placeOf(entry: Entry, place: TimeCursor): number {
  return entry.envelope.created - place.created || compareBytes(entry.hash, place.hash);
}

function matches(entry: Entry, filter: EnvelopeFilter): boolean {
  const { envelope } = entry;
  switch (filter.kind) {
    case "all":
      return true;
    case "unscoped":
      return envelope.scopes.length === 0;
    case "arrived":
      return filter.seqs.includes(entry.seq);
    case "authors":
      return filter.authors.some((author) => equalBytes(author, envelope.author));
    case "scope":
      return envelope.scopes.some((scope) =>
        filter.match === "exact" ? scopeKey(scope) === scopeKey(filter.scope) : scopeWithin(scope, filter.scope),
      );
    case "relation": {
      const targets = {
        reply: [envelope.replyTo],
        boost: [envelope.boostOf],
        post: [envelope.postHash],
        reference: envelope.references,
      }[filter.relation];
      return targets.some((target) => target !== null && equalBytes(target, filter.target));
    }
    case "any":
      return filter.of.some((part) => matches(entry, part));
    case "every":
      return filter.of.every((part) => matches(entry, part));
    case "unrelated": {
      const { boostOf, replyTo } = envelope;
      const isOne = { reply: replyTo !== null, boost: boostOf !== null };
      return matches(entry, filter.of) && !filter.relations.some((relation) => isOne[relation]);
    }
    case "without":
      return matches(entry, filter.of) && !filter.authors.some((author) => equalBytes(author, envelope.author));
  }
}
