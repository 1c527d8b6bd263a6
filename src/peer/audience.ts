import type { Audience, Beside, HeldEnvelope, LibraryRow, Offer, Target } from "../mesh/protocols/index.ts";
import { coversByStart, opensTarget, placeOf, type Scoped } from "../social/index.ts";
import {
  decodeEnvelope,
  equalBytes,
  scopeKey,
  scopeWithin,
  type Hash,
  type NodeKey,
  type Scope,
} from "../wire/index.ts";
import type { HeardAt, HeardEnvelope, HeldCertificate, ReachBook } from "./reach/index.ts";
import type { Trust } from "./trust/index.ts";

export interface AudienceOptions {
  readonly book: ReachBook;
  readonly heardAt: HeardAt;
  readonly trust: Pick<Trust, "has">;
  /** Rows of what is held and may be given. */
  readonly row: (hash: Hash) => LibraryRow | undefined;
}

/** Who may have what is held here: by where it starts, by evidence that stands, or by trust. */
export class PeerAudience implements Audience {
  readonly #options: AudienceOptions;

  constructor(options: AudienceOptions) {
    this.#options = options;
  }

  admits(held: HeldEnvelope, asker: NodeKey, targets: readonly Target[]): boolean {
    return this.#wayTo(held, asker, targets) !== null;
  }

  async give(
    { bytes, hash }: Offer,
    asker: NodeKey,
    targets: readonly Target[],
  ): Promise<{ readonly bytes: Uint8Array } | null> {
    const way = this.#wayTo({ hash, envelope: decodeEnvelope(bytes) }, asker, targets);
    if (way === null || way === "plain") return way === null ? null : { bytes };
    const message = await this.#options.book.message(way, bytes);
    return message === null ? null : { bytes: message };
  }

  /** What lets this asker have it: nothing, nothing beside the envelope, or this certificate. */
  #wayTo(
    { envelope, hash }: HeldEnvelope,
    asker: NodeKey,
    targets: readonly Target[],
  ): HeldCertificate | "plain" | null {
    const { book, heardAt } = this.#options;
    if (envelope.scopes.length === 0) {
      return this.trusts(asker) && targets.some(({ kind }) => kind === "trusted") ? "plain" : null;
    }
    const places = placeOf(envelope) === undefined ? heardAt.places(hash) : [];
    if (targets.some((target) => coversByStart(target, envelope, places))) return "plain";
    return (
      book
        .certificates(hash)
        .find(({ certificate }) =>
          targets.some((target) => covers(target, envelope) && opensTarget(certificate, target)),
        ) ?? null
    );
  }

  trusts(asker: NodeKey): boolean {
    return this.#options.trust.has(asker);
  }

  besides(targets: readonly Target[], since: number, limit: number): readonly Beside[] {
    const { book, row } = this.#options;
    const found = new Map<number, Beside>();
    const add = (hash: Uint8Array, became: number): void => {
      const held = row(hash);
      if (held === undefined) return;
      const at = Math.max(became, held.seq);
      if (at > since) found.set(held.seq, { row: held, became: at });
    };
    for (const place of this.#placesIn(targets)) for (const { became, envelope } of place) add(envelope, became);
    for (const { envelope, held } of book.openedSince(since)) {
      if (targets.some((target) => opensTarget(held.certificate, target))) add(envelope, held.became);
    }
    return [...found.values()].toSorted((a, b) => a.became - b.became).slice(0, limit);
  }

  startsOf(hash: Hash): readonly Scope[] {
    return this.#options.heardAt.places(hash);
  }

  #placesIn(targets: readonly Target[]): Iterable<HeardEnvelope>[] {
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
