import type { Audience, LibraryRow, Offer, Target } from "../mesh/protocols/index.ts";
import { coversByStart, opensTarget, placeOf, type Scoped } from "../social/index.ts";
import { decodeEnvelope, equalBytes, scopeKey, scopeWithin, type NodeKey } from "../wire/index.ts";
import type { HeardAt, ReachBook } from "./reach/index.ts";
import type { Trust } from "./trust/index.ts";

export interface AudienceOptions {
  readonly book: ReachBook;
  readonly heardAt: HeardAt;
  readonly trust: Pick<Trust, "has">;
  /** Rows of what is held and may be given. */
  readonly row: (hash: Uint8Array) => LibraryRow | undefined;
}

/** Who may have what is held here: by where it starts, by evidence that stands, or by trust. */
export class PeerAudience implements Audience {
  readonly #options: AudienceOptions;

  constructor(options: AudienceOptions) {
    this.#options = options;
  }

  async give(
    { bytes, hash }: Offer,
    asker: NodeKey,
    targets: readonly Target[],
  ): Promise<{ readonly bytes: Uint8Array } | null> {
    const { book, heardAt } = this.#options;
    const envelope = decodeEnvelope(bytes);
    if (envelope.scopes.length === 0) {
      return this.trusts(asker) && targets.some(({ kind }) => kind === "trusted") ? { bytes } : null;
    }
    const places = placeOf(envelope) === undefined ? heardAt.places(hash) : [];
    if (targets.some((target) => coversByStart(target, envelope, places))) return { bytes };
    const opening = book
      .certificates(hash)
      .find(({ certificate }) =>
        targets.some((target) => covers(target, envelope) && opensTarget(certificate, target)),
      );
    if (opening === undefined) return null;
    const message = await book.message(opening, bytes);
    return message === null ? null : { bytes: message };
  }

  trusts(asker: NodeKey): boolean {
    return this.#options.trust.has(asker);
  }

  besides(targets: readonly Target[], since: number, limit: number): readonly LibraryRow[] {
    const { book, row } = this.#options;
    const found = new Map<string, { readonly row: LibraryRow; readonly became: number }>();
    const add = (hash: Uint8Array, became?: number): void => {
      const held = row(hash);
      if (held === undefined) return;
      const at = Math.max(became ?? 0, held.seq);
      if (at > since) found.set(String(held.seq), { row: held, became: at });
    };
    for (const place of this.#placesIn(targets)) for (const hash of place) add(hash);
    for (const { envelope, held } of book.openedSince(since)) {
      if (targets.some((target) => opensTarget(held.certificate, target))) add(envelope, held.became);
    }
    return [...found.values()]
      .toSorted((a, b) => a.became - b.became)
      .slice(0, limit)
      .map((entry) => entry.row);
  }

  #placesIn(targets: readonly Target[]): Iterable<Uint8Array>[] {
    return targets.flatMap((target) =>
      target.kind === "scope" && target.scope.kind === "geo" ? [this.#options.heardAt.at(target.scope)] : [],
    );
  }
}

/** Whether the target is about this envelope at all, evidence or not. */
function covers(target: Target, envelope: Scoped): boolean {
  if (target.kind === "node") return equalBytes(target.key, envelope.author);
  if (target.kind !== "scope") return false;
  const { match, scope } = target;
  return envelope.scopes.some((own) =>
    match === "prefix" ? scopeWithin(own, scope) : scopeKey(own) === scopeKey(scope),
  );
}
