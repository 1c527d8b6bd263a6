import type { Arrival, Clock } from "../../mesh/protocols/index.ts";
import { startChannels, type Promotable } from "../../social/index.ts";
import type { EnvelopeRow, Store } from "../../store/port.ts";
import { Serial } from "../../store/serial.ts";
import {
  decodeEnvelope,
  equalBytes,
  LIMITS,
  scopeFromKey,
  signObject,
  type Hash,
  type NodeKey,
  type Signer,
} from "../../wire/index.ts";
import { PeerError } from "../errors.ts";
import { boostsOf, type BoostTarget } from "./endorsements.ts";

export interface BoostingOptions {
  readonly store: Store;
  readonly signer: Signer;
  readonly clock: Clock;
  /** Scope key of the home place. */
  readonly home: () => string;
  readonly blocked: (author: NodeKey) => boolean;
}

/** Envelopes of one post that are looked at; an author may publish several. */
const MAX_OF_A_POST = 16;

/** Boosts by this person: envelopes of their own, with the scopes of what they boost. */
export class Boosting {
  readonly #options: BoostingOptions;
  /** One after the other: each looks first whether there is one already. */
  readonly #turn = new Serial();

  constructor(options: BoostingOptions) {
    this.#options = options;
  }

  /**
   * Resolves when the boost is durable. Who boosts again within a day gets the boost that there is; after that it counts for
   * nothing any more, and another one is made. Boosting a boost boosts the original.
   * @returns `made` is what others are to be told, `null` where nothing is new
   * @throws PeerError `NOT_FOUND`, `BOOST_OWN`, `AUTHOR_BLOCKED`
   */
  boost(hash: Hash): Promise<{ readonly hash: Hash; readonly made: Arrival | null }> {
    return this.#turn.run(() => this.#boost(hash));
  }

  /** The own boost that counts now. */
  own(target: BoostTarget): EnvelopeRow | null {
    const { clock, signer, store } = this.#options;
    const since = clock.now() - LIMITS.certificateLifetimeMs;
    const own = { kind: "authors", authors: [signer.publicKey] } as const;
    const filter = { kind: "every", of: [boostsOf(target), own] } as const;
    const [latest] = store.envelopes.query({ filter, limit: 1 });
    return latest !== undefined && latest.created > since ? latest : null;
  }

  async #boost(hash: Hash): Promise<{ readonly hash: Hash; readonly made: Arrival | null }> {
    const { blocked, clock, home, signer, store } = this.#options;
    const promotable = await this.#original(hash);
    const { author, scopes } = promotable.envelope;
    if (equalBytes(author, signer.publicKey)) throw new PeerError("BOOST_OWN", "Nobody boosts their own words.");
    if (blocked(author)) throw new PeerError("AUTHOR_BLOCKED", "The author of this post is blocked here.");
    const before = this.own({ hash: promotable.hash, postHash: promotable.envelope.postHash });
    if (before !== null) return { hash: before.hash, made: null };
    const signed = await signObject(
      {
        type: "PostEnvelope",
        postHash: null,
        author: signer.publicKey,
        headline: null,
        summary: null,
        mediaHints: [],
        scopes,
        replyTo: null,
        boostOf: promotable.hash,
        references: [],
        contentSize: 0,
        created: clock.now(),
        // What is earned by the original is its author's.
        kickbackRate: 0,
      },
      signer,
    );
    const { bytes, hash: boost, object: envelope } = signed;
    const [channel = null] = startChannels(envelope, scopeFromKey(home()));
    const queuedAt = clock.now();
    await store.commit(
      {
        envelopes: [{ hash: boost, bytes, envelope }],
        outboxPut: [{ hash: boost, bytes, channels: channel === null ? [] : [channel], queuedAt }],
      },
      { durability: "strict" },
    );
    return { hash: boost, made: { hash: boost, bytes, envelope, from: null, channel } };
  }

  /** @param named an envelope, or a post, as boosts by others may name it: then the oldest envelope of it */
  async #original(named: Hash): Promise<Promotable> {
    const { envelopes } = this.#options.store;
    const ofPost = { filter: { kind: "relation", relation: "post", target: named }, limit: MAX_OF_A_POST } as const;
    const hash = envelopes.has(named) ? named : (envelopes.query(ofPost).at(-1)?.hash ?? named);
    const [bytes] = await envelopes.bytes([hash]);
    if (bytes === undefined) throw new PeerError("NOT_FOUND", "There is no such envelope here.");
    const envelope = decodeEnvelope(bytes);
    return envelope.boostOf === null ? { hash, envelope } : await this.#original(envelope.boostOf);
  }
}
