import { chosenAt, isBoostOf, type Endorsement, type Promotable } from "../../social/index.ts";
import type { EnvelopeFilter, Store } from "../../store/port.ts";
import type { HeldFeeds } from "../feeds/index.ts";
import { decodeEnvelope, decodeObject, toHex, type Hash, type NodeKey } from "../../wire/index.ts";

/**
 * Where endorsements of an envelope come from. Receipts of paid retrievals will be another source; today there are boosts and
 * curated feeds.
 */
export interface EndorsementSource {
  of(promotable: Promotable): Promise<Endorsement[]>;
}

/** Boosts of one envelope that are looked at, the newest. */
const MAX_BOOSTS = 64;

/** Boosts by people whose word counts here. */
export class BoostSource implements EndorsementSource {
  readonly #store: Store;
  readonly #counts: (author: NodeKey) => boolean;

  /** @param counts whether this person goes by what that one boosts: itself, and whom it trusts */
  constructor(store: Store, counts: (author: NodeKey) => boolean) {
    this.#store = store;
    this.#counts = counts;
  }

  async of(promotable: Promotable): Promise<Endorsement[]> {
    const { envelopes } = this.#store;
    const { hash, envelope } = promotable;
    const { author, postHash } = envelope;
    const rows = envelopes
      .query({ filter: boostsOf({ hash, postHash }), limit: MAX_BOOSTS })
      .filter((row) => this.#counts(row.author) && toHex(row.author) !== toHex(author));
    const found = await envelopes.bytes(rows.map(({ hash }) => hash));
    return rows.flatMap(({ created, hash: own, author: booster }, at): Endorsement[] => {
      const bytes = found[at];
      if (bytes === undefined) return [];
      const boost = decodeEnvelope(bytes);
      // One for trusted people only is named to nobody.
      if (boost.scopes.length === 0 || !isBoostOf(boost, promotable)) return [];
      return [{ kind: "boost", date: created, items: [{ hash: own, bytes }], who: [booster] }];
    });
  }
}

/** Curated feeds of people whose choice counts here. A further page of one counts like a feed: it is signed, too. */
export class CurationSource implements EndorsementSource {
  readonly #held: Pick<HeldFeeds, "with">;
  readonly #counts: (curator: NodeKey) => boolean;

  /** @param counts whether the curator is this person, or somebody whom it trusts or follows */
  constructor(held: Pick<HeldFeeds, "with">, counts: (curator: NodeKey) => boolean) {
    this.#held = held;
    this.#counts = counts;
  }

  async of({ envelope: { author, postHash } }: Promotable): Promise<Endorsement[]> {
    if (postHash === null) return [];
    const heads = await this.#held.with(postHash);
    return heads.flatMap(({ bytes, hash, owner }): Endorsement[] => {
      if (!this.#counts(owner) || toHex(owner) === toHex(author)) return [];
      const feed = decodeObject(bytes);
      const date = feed.type === "CuratedFeed" ? chosenAt(feed, postHash) : null;
      return date === null ? [] : [{ kind: "curation", date, items: [{ hash, bytes }], who: [owner] }];
    });
  }
}

/** What boosts of an envelope may name. */
export interface BoostTarget {
  readonly hash: Hash;
  readonly postHash: Hash | null;
}

/** Held boosts of an envelope: they name it, or its post. */
export function boostsOf({ hash, postHash }: BoostTarget): EnvelopeFilter {
  const ofEnvelope: EnvelopeFilter = { kind: "relation", relation: "boost", target: hash };
  if (postHash === null) return ofEnvelope;
  return { kind: "any", of: [ofEnvelope, { kind: "relation", relation: "boost", target: postHash }] };
}
