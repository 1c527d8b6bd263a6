import type { Mesh } from "../../mesh/port.ts";
import { isForTrusted, withDeadline, type Clock, type Opened, type StoreClient } from "../../mesh/protocols/index.ts";
import { introduces } from "../../mesh/serverless/goodwill.ts";
import type { Store } from "../../store/port.ts";
import {
  decodeEnvelope,
  equalBytes,
  scopeFromKey,
  type Hash,
  type NodeKey,
  type PostEnvelope,
  type Scope,
  type Signer,
} from "../../wire/index.ts";
import { placeOf, type Vouching } from "../../social/index.ts";
import type { Settings } from "../api.ts";
import type { HeldFeeds } from "../feeds/index.ts";
import type { ReachNotes } from "../receiver.ts";
import { ReachBook } from "./book.ts";
import type { Handing, HandingPorts } from "../handing.ts";
import { BoostSource, CurationSource } from "./endorsements.ts";
import { HeardAt } from "./heard-at.ts";
import { KeptDoubts } from "./kept-doubts.ts";
import { Relay } from "./relay.ts";
import { Visits } from "./visits.ts";

export interface ReachingOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: (context: string, error: unknown) => void;
}

/** What relaying takes of the peer that is connected. */
export interface ReachingLinks {
  readonly client: Pick<StoreClient, "get">;
  readonly signer: Signer;
  readonly feeds: { readonly held: Pick<HeldFeeds, "with"> };
  readonly random: () => number;
  readonly home: () => string;
  readonly relay: () => Settings["relay"];
  /** Whether the browser says that bytes are dear or few. */
  readonly metered: () => boolean;
  readonly trusts: (key: NodeKey) => boolean;
  readonly follows: (key: NodeKey) => boolean;
  readonly blocked: (key: NodeKey) => boolean;
  /** As in `HandingPorts`. */
  readonly isGuest: HandingPorts["isGuest"];
  readonly reads: HandingPorts["reads"];
  /** Envelopes that are held since earlier may be had by others now. */
  readonly onOpened: (opened: readonly Opened[]) => void;
  /** `visiting` names other channels than before. */
  readonly onVisiting: () => void;
}

/** Evidence that does not fit a message is a feed or some receipts: a second or two over a link that carries posts. In ms. */
const EVIDENCE_TIMEOUT = 5_000;
/** At a time; a channel's neighbour has half of the 32 verdicts that may be under way (src/mesh/budgets/limits.ts). */
const MAX_FETCHES = 8;

interface Attached {
  readonly links: ReachingLinks;
  readonly relay: Relay;
  readonly visits: Visits;
  readonly stopListening: readonly (() => void)[];
}

/** How far envelopes are heard: what is known of it, and what this peer does about it while it is connected. */
export class Reaching {
  readonly book: ReachBook;
  readonly heardAt: HeardAt;
  readonly doubts: KeptDoubts;
  readonly #options: ReachingOptions;
  #attached: Attached | null = null;
  #fetches = 0;
  readonly #listeners = new Set<() => void>();

  private constructor(options: ReachingOptions, book: ReachBook, heardAt: HeardAt, doubts: KeptDoubts) {
    this.#options = options;
    this.book = book;
    this.heardAt = heardAt;
    this.doubts = doubts;
  }

  static async open(options: ReachingOptions): Promise<Reaching> {
    const doubts = await KeptDoubts.open(options);
    const [book, heardAt] = await Promise.all([ReachBook.open({ ...options, doubted: doubts }), HeardAt.open(options)]);
    return new Reaching(options, book, heardAt, doubts);
  }

  /** For whoever judges what comes in. */
  notes(): ReachNotes {
    return {
      knows: (certificate) => this.book.knows(certificate),
      promoted: (promotion, isNew) => this.book.add(promotion, isNew),
      heardAt: (envelope, place, created) => this.heardAt.note(envelope, place, created),
      startsAt: (envelope, place) => this.heardAt.has(envelope, place),
      doubted: this.doubts,
      vouched: (vouching) => this.#vouched(vouching),
      evidence: (hashes, from) => this.#evidence(hashes, from),
    };
  }

  /**
   * This person has turned the author away: whoever vouched for it, as far as that is held, is believed less. Resolves with
   * whether anybody is, once that is durable. `doubts.forgive` takes it back.
   * @param hushed whether what came by their word before is to be as if it had not
   */
  async turnedAway(author: NodeKey, hushed: boolean): Promise<boolean> {
    const vouchers = await this.book.vouchersFor(author);
    if (!(await this.doubts.note(author, vouchers, this.#options.clock.now()))) return false;
    if (hushed) await this.doubts.hush([...this.book.unbelieved()]);
    return true;
  }

  /** `listener` hears when others are doubted because of what has come. */
  onDoubted(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  attach(mesh: Mesh, links: ReachingLinks): void {
    const { clock, log, store } = this.#options;
    const { book, heardAt } = this;
    const { isGuest, onVisiting, reads } = links;
    const visits = new Visits({ mesh, clock, log, isGuest, reads, onChanged: onVisiting });
    const own = (key: NodeKey): boolean => equalBytes(key, mesh.self);
    const boosters = (key: NodeKey): boolean => own(key) || links.trusts(key);
    const curators = (key: NodeKey): boolean => boosters(key) || links.follows(key);
    const willing = (): boolean => {
      const roundTrips = mesh.links().flatMap((link) => (link.direct ? (link.roundTrip ?? []) : []));
      return introduces(links.relay(), { metered: links.metered(), roundTrips });
    };
    const relay = new Relay({
      ...links,
      mesh,
      store,
      clock,
      log,
      book,
      heardAt,
      visits,
      willing,
      counts: curators,
      sources: [new BoostSource(store, boosters), new CurationSource(links.feeds.held, curators)],
    });
    const stopListening = [
      book.onChanged((envelope) => void this.#opened(envelope, links)),
      heardAt.onNoted((envelope, start) => void this.#opened(envelope, links, start)),
    ];
    this.#attached = { links, relay, visits, stopListening };
    relay.look();
  }

  detach(): void {
    for (const stop of this.#attached?.stopListening ?? []) stop();
    this.#attached?.relay.stop();
    this.#attached?.visits.stop();
    this.#attached = null;
  }

  /** Channels to be on for what is brought there. */
  visiting(): readonly string[] {
    return this.#attached?.visits.channels() ?? [];
  }

  /** Somebody may have come to a channel. */
  poke(): void {
    this.#attached?.visits.poke();
  }

  /** As a guest this peer has handed this to one who reads there: it stays for some more. */
  handed(handing: Handing): void {
    this.#attached?.visits.goOn(handing);
  }

  /** A neighbour was given this on another way, or says that it has it. */
  taken(hash: Hash, by: NodeKey): void {
    this.#attached?.visits.taken(hash, by);
  }

  /** Others count than before. */
  look(): void {
    this.#attached?.relay.look();
  }

  /** An own envelope is about to be told: with topics alone, it starts at home. */
  made(hash: Hash, envelope: PostEnvelope, home: string): void {
    if (envelope.scopes.length > 0 && placeOf(envelope) === undefined)
      this.heardAt.note(hash, scopeFromKey(home), envelope.created);
  }

  async stop(): Promise<void> {
    this.detach();
    this.book.stop();
    await Promise.all([this.heardAt.stop(), this.doubts.stop()]);
  }

  #vouched(vouching: Vouching): void {
    const { clock, log } = this.#options;
    const found = this.doubts.vouched(vouching);
    const isBlocked = this.#attached?.links.blocked(vouching.author) === true;
    if (!found && !isBlocked) return;
    const noted = isBlocked
      ? this.doubts.note(vouching.author, vouching.vouchers, clock.now())
      : Promise.resolve(false);
    noted
      .then(async (isNew) => {
        if (!found && !isNew) return;
        await this.doubts.hush([...this.book.unbelieved()]);
        for (const listener of this.#listeners) listener();
      })
      .catch((error: unknown) => log("doubts", error));
  }

  async #opened(hash: Hash, links: ReachingLinks, start?: Scope): Promise<void> {
    const { log, store } = this.#options;
    try {
      const [bytes] = await store.envelopes.bytes([hash]);
      if (bytes === undefined) return;
      const opened = { hash, envelope: decodeEnvelope(bytes) };
      links.onOpened([start === undefined ? opened : { ...opened, start }]);
    } catch (error) {
      log("reach", error);
    }
  }

  async #evidence(hashes: readonly Hash[], from: NodeKey): Promise<readonly Uint8Array[] | null> {
    const { clock, store } = this.#options;
    const held = await Promise.all(hashes.map((hash) => this.#held(store, hash)));
    const missing = hashes.filter((_, at) => held[at] === undefined);
    const here = held.filter((bytes) => bytes !== undefined);
    if (missing.length === 0) return here;
    const client = this.#attached?.links.client;
    if (client === undefined || this.#fetches >= MAX_FETCHES) return null;
    this.#fetches++;
    try {
      const fetched = await withDeadline(clock, EVIDENCE_TIMEOUT, undefined, (signal) =>
        Promise.all(missing.map((hash) => client.get(from, hash, { signal }))),
      );
      return [...here, ...fetched];
    } catch (error) {
      // Whoever brought the message does not have what it rests on, or has gone: then it proves nothing here.
      this.#options.log("evidence", error);
      return null;
    } finally {
      this.#fetches--;
    }
  }

  async #held(store: Store, hash: Hash): Promise<Uint8Array | undefined> {
    if (!store.envelopes.has(hash)) return (await store.object(hash))?.bytes;
    // Whoever names it would see by the missing question that it is here; and it proves nothing.
    if (isForTrusted(store, hash)) return undefined;
    const [bytes] = await store.envelopes.bytes([hash]);
    return bytes;
  }
}
