import { askIndex, MAX_HELD, SHORT_HASH, type EnvelopeRelation } from "../../mesh/protocols/finding/index.ts";
import { delivered, type Delivered } from "../../mesh/protocols/delivered.ts";
import { misdeedOf } from "../../mesh/protocols/errors.ts";
import {
  ProtocolError,
  withDeadline,
  withoutUnscoped,
  type Clock,
  type StoreClient,
} from "../../mesh/protocols/index.ts";
import type { Mesh } from "../../mesh/port.ts";
import type { EnvelopeFilter, Store } from "../../store/port.ts";
import {
  decodeObject,
  equalBytes,
  hashOf,
  ObjectType,
  verifyEncoded,
  WireError,
  type CuratedFeed,
  type Hash,
  type NodeKey,
  type PostEnvelope,
} from "../../wire/index.ts";
import type { IntakeOptions } from "../../social/index.ts";
import type { Receiver } from "../receiver.ts";
import { Asking, type AskingOptions } from "./asking.ts";
import { coveredSearch, type CoveredTarget } from "./covered.ts";
import { checkedFeed, FeedsFound, hasPost, isNamedBy, type FoundFeed } from "./curations.ts";
import { indexKey } from "./keys.ts";

/** Pages that are taken of one peer unless more are wanted: 256 KiB, some 500 envelopes. */
const PAGES = 4;
/** Pages in a row with nothing on them, of a peer that says that there is more. */
const MAX_EMPTY = 2;
/** For one envelope by its hash; a person looks at an empty page meanwhile. In ms. */
const FETCH_TIMEOUT = 20_000;
const PROVIDERS = 8;

export interface FinderOptions extends AskingOptions {
  readonly mesh: Mesh;
  readonly clock: Clock;
  readonly store: Store;
  readonly client: StoreClient;
  readonly receiver: Pick<Receiver, "named" | "found" | "covered">;
  /** Whether this person wants to see nothing by the author. */
  readonly blocked: (author: NodeKey) => boolean;
  /** The verdict on signatures, where it is not made here. */
  readonly verify?: IntakeOptions["verify"] | undefined;
  /** Envelopes of these authors came from this peer. */
  readonly onAuthors: (authors: readonly NodeKey[], from: NodeKey) => void;
}

export interface FindOptions {
  readonly signal?: AbortSignal | undefined;
  /** Who is likely to know, linked or not. */
  readonly hints?: readonly NodeKey[];
  /** Whether the DHT is asked, too. Default: yes. */
  readonly far?: boolean;
  /** Pages that are taken of one peer. */
  readonly pages?: number;
}

export interface Found {
  /** Envelopes that are stored now and were not before. */
  readonly envelopes: readonly PostEnvelope[];
  readonly asked: number;
  readonly answered: number;
  /** Somebody holds more than was taken. */
  readonly more: boolean;
}

export interface FoundFeeds {
  readonly feeds: readonly FoundFeed[];
  readonly asked: number;
  readonly answered: number;
  readonly more: boolean;
}

/**
 * Looks for what is not held here at several peers at once, merges what they say, and stores what is valid. A peer that lies
 * is reported and asked no further; one that says nothing costs its time, and no more than that. Nothing is asked about
 * what is for trusted people only: the caller sees to it.
 */
export class Finder {
  readonly #options: FinderOptions;
  readonly #asking: Asking;

  constructor(options: FinderOptions) {
    this.#options = options;
    this.#asking = new Asking(options);
  }

  /**
   * Envelopes that have any of these relations to any of these targets.
   * @param targets 1 to 4 hashes
   * @throws the signal's reason
   */
  async find(
    relations: EnvelopeRelation | readonly EnvelopeRelation[],
    targets: Hash | readonly Hash[],
    { far = true, hints = [], pages = PAGES, signal }: FindOptions = {},
  ): Promise<Found> {
    const { clock, mesh, onAuthors, receiver } = this.#options;
    const search: Search = {
      relations: typeof relations === "string" ? [relations] : relations,
      targets: targets instanceof Uint8Array ? [targets] : targets,
    };
    const keys = far ? search.relations.flatMap((name) => search.targets.map((target) => indexKey(name, target))) : [];
    const envelopes: PostEnvelope[] = [];
    let more = false;
    const ask = async (peer: NodeKey, limit: AbortSignal): Promise<void> => {
      const held = this.#shortHashes(relatedTo(search));
      let [taken, empty] = [0, 0];
      for await (const page of askIndex(peer, { ...search, held }, { mesh, clock, signal: limit })) {
        const items = page.objects.map((bytes) => ({ bytes, hash: hashOf(bytes) }));
        const { fresh, sound } = await receiver.named(items, { from: peer, asked: (one) => isAsked(search, one) });
        envelopes.push(...fresh);
        onAuthors(
          fresh.map(({ author }) => author),
          peer,
        );
        if (!sound) throw new ProtocolError("VIOLATION", "Something else than was asked for.");
        taken++;
        empty = page.objects.length === 0 ? empty + 1 : 0;
        if (!page.more || empty >= MAX_EMPTY) break;
        if (taken < pages) continue;
        more = true;
        break;
      }
    };
    return { ...(await this.#asking.round({ keys, hints, signal, ask })), envelopes, more };
  }

  /**
   * Envelopes by somebody, or of a place or topic and all within it, as far as those who are asked may give them here.
   * @throws the signal's reason
   */
  async covered(target: CoveredTarget, { signal }: Pick<FindOptions, "signal"> = {}): Promise<Found> {
    const { clock, mesh, onAuthors, receiver } = this.#options;
    const { filter, keys, question } = coveredSearch(target);
    const envelopes: PostEnvelope[] = [];
    let more = false;
    const ask = async (peer: NodeKey, limit: AbortSignal): Promise<void> => {
      const held = this.#shortHashes(filter);
      let [taken, empty] = [0, 0];
      for await (const page of askIndex(peer, { ...question, held }, { mesh, clock, signal: limit })) {
        const items = this.#deliveredBy(peer, page.objects);
        const { fresh, sound } = await receiver.covered(items, { from: peer, targets: () => [target] });
        envelopes.push(...fresh);
        onAuthors(
          fresh.map(({ author }) => author),
          peer,
        );
        if (!sound) throw new ProtocolError("VIOLATION", "Something else than was asked for.");
        empty = page.objects.length === 0 ? empty + 1 : 0;
        if (!page.more || empty >= MAX_EMPTY) break;
        if (++taken < PAGES) continue;
        more = true;
        break;
      }
    };
    const hints = target.kind === "node" ? [target.key] : [];
    return { ...(await this.#asking.round({ keys, hints, signal, ask })), envelopes, more };
  }

  /**
   * The envelope of this very hash.
   * @throws the signal's reason
   */
  async envelope(hash: Hash, signal?: AbortSignal): Promise<Found> {
    const { client, clock, mesh, onAuthors, receiver, store } = this.#options;
    if (store.envelopes.has(hash)) return NOTHING;
    const linked = mesh.peers();
    try {
      const { bytes, from } = await withDeadline(clock, FETCH_TIMEOUT, signal, (limit) =>
        client.fetchObject(hash, this.#holders(hash, limit), { signal: limit }),
      );
      // A post has the same kind of name. Whoever served it is not to blame.
      if (!isEnvelope(bytes)) return { ...NOTHING, asked: 1, answered: 1 };
      const { fresh } = await receiver.named([{ hash, bytes }], { from, asked: () => true });
      onAuthors(
        fresh.map(({ author }) => author),
        from,
      );
      return { envelopes: fresh, asked: 1, answered: 1, more: false };
    } catch (error) {
      signal?.throwIfAborted();
      this.#options.log("finding", error);
      return { ...NOTHING, asked: linked.length };
    }
  }

  /** Versions of a profile. @throws the signal's reason */
  async profile(owner: NodeKey, signal?: AbortSignal): Promise<{ newer: boolean; asked: number; answered: number }> {
    const { clock, mesh, receiver, store } = this.#options;
    const sequence = async (): Promise<number> => (await store.head(ObjectType.UserProfile, owner, ""))?.sequence ?? -1;
    const before = await sequence();
    const question = { relations: ["profile"], targets: [owner], held: [] } as const;
    const counts = await this.#asking.round({
      keys: [indexKey("profile", owner)],
      hints: [owner],
      signal,
      ask: async (peer, limit) => {
        for await (const { objects } of askIndex(peer, question, { mesh, clock, signal: limit })) {
          // A version and the one that it forks with; whatever else there is is nobody's profile.
          await receiver.found({ owner, versions: objects.slice(0, 2), from: peer });
          break;
        }
      },
    });
    return { ...counts, newer: (await sequence()) > before };
  }

  /** Curated feeds that have this post, the newest version of each. They are not stored. @throws the signal's reason */
  curations(post: Hash, signal?: AbortSignal): Promise<FoundFeeds> {
    return this.#feeds("curation", [post], hasPost(post), { signal });
  }

  /**
   * Curated feeds by these people, or for which these hashes stand, the newest version of each. They are not stored.
   * @param targets 1 to 4 keys and hashes
   * @throws the signal's reason
   */
  feeds(targets: readonly (NodeKey | Hash)[], options: Omit<FindOptions, "pages"> = {}): Promise<FoundFeeds> {
    return this.#feeds("feed", targets, isNamedBy(targets), options);
  }

  async #feeds(
    relation: "curation" | "feed",
    targets: readonly Hash[],
    isAsked: (feed: CuratedFeed) => boolean,
    { far = true, hints = [], signal }: Omit<FindOptions, "pages">,
  ): Promise<FoundFeeds> {
    const { blocked, clock, mesh, verify = verifyEncoded } = this.#options;
    const found = new FeedsFound();
    const question = { relations: [relation], targets, held: [] } as const;
    const ask = async (peer: NodeKey, limit: AbortSignal): Promise<void> => {
      let taken = 0;
      for await (const page of askIndex(peer, question, { mesh, clock, signal: limit })) {
        for (const bytes of page.objects) {
          const checked = await checkedFeed(bytes, isAsked, verify);
          if (typeof checked === "string") {
            mesh.report(peer, checked);
            throw new ProtocolError("VIOLATION", "Something else than was asked for.");
          }
          if (!blocked(checked.feed.curator)) found.add(checked, clock.now());
        }
        if (++taken === PAGES || found.full) break;
      }
    };
    const keys = far ? targets.map((target) => indexKey(relation, target)) : [];
    const counts = await this.#asking.round({ keys, hints, signal, ask });
    return { ...counts, feeds: found.all(), more: found.full };
  }

  #deliveredBy(peer: NodeKey, objects: readonly Uint8Array[]): Delivered[] {
    try {
      return objects.map(delivered);
    } catch (error) {
      const misdeed = misdeedOf(error);
      if (misdeed !== null) this.#options.mesh.report(peer, misdeed);
      throw error;
    }
  }

  async *#holders(hash: Hash, signal: AbortSignal): AsyncGenerator<NodeKey> {
    const { mesh } = this.#options;
    const linked = mesh.peers();
    yield* linked;
    if (linked.length > 0) yield* mesh.findProviders(hash, { signal, limit: PROVIDERS });
  }

  /** What need not be sent: the newest that are held. Nothing for trusted people only: nobody would send that anyway. */
  #shortHashes(held: EnvelopeFilter): Uint8Array[] {
    const { envelopes } = this.#options.store;
    const rows = envelopes.query({ filter: held, limit: MAX_HELD });
    const unscoped: EnvelopeFilter = { kind: "every", of: [held, { kind: "unscoped" }] };
    const hidden = envelopes.query({ filter: unscoped, limit: MAX_HELD });
    return withoutUnscoped(rows, hidden).map(({ hash }) => hash.subarray(0, SHORT_HASH));
  }
}

interface Search {
  readonly relations: readonly EnvelopeRelation[];
  readonly targets: readonly Hash[];
}

function relatedTo({ relations, targets }: Search): EnvelopeFilter {
  const of = relations.flatMap((relation) =>
    targets.map((target): EnvelopeFilter => ({ kind: "relation", relation, target })),
  );
  return { kind: "any", of };
}

const NOTHING: Found = { envelopes: [], asked: 0, answered: 0, more: false };

function isAsked({ relations, targets }: Search, envelope: PostEnvelope): boolean {
  const isTarget = (hash: Hash | null): boolean => hash !== null && targets.some((target) => equalBytes(target, hash));
  return relations.some((relation) => {
    switch (relation) {
      case "reply":
        return isTarget(envelope.replyTo);
      case "boost":
        return isTarget(envelope.boostOf);
      case "reference":
        return envelope.references.some(isTarget);
      case "post":
        return isTarget(envelope.postHash);
    }
  });
}

function isEnvelope(bytes: Uint8Array): boolean {
  try {
    return decodeObject(bytes).type === "PostEnvelope";
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return false;
  }
}
