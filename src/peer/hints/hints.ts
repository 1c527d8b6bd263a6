import type { Mesh } from "../../mesh/port.ts";
import {
  targetKey,
  type Clock,
  type Heard,
  type PubClient,
  type Subscription,
  type Target,
} from "../../mesh/protocols/index.ts";
import {
  modeFor,
  SHOWN,
  thriftiest,
  type LowData,
  type Mode,
  type ModeWish,
  type Verdict,
} from "../../social/index.ts";
import type { Store, StoreChange } from "../../store/port.ts";
import { decodeEnvelope, toHex, type Hash, type NodeKey } from "../../wire/index.ts";
import type { FeedSpec } from "../api.ts";
import { PeerError } from "../errors.ts";
import type { HintsView, HintView } from "./api.ts";
import { HintBook, type Hint } from "./book.ts";
import { coverageOf, type CoverageContext } from "./coverage.ts";
import { LinkGauge } from "./gauge.ts";

/** Rows with headlines that a page shows: five screens of them. */
const MAX_SHOWN = 50;
/** Says a headline that the envelope does not have: no peer that follows the rules does. */
export const FALSE_HEADLINE = "FALSE_HEADLINE";

export interface HintsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly context: () => CoverageContext;
  readonly lowData: () => LowData;
  /** Whether the browser says that data is to be saved. */
  readonly metered: () => boolean;
  /** What this person has muted says of a headline. */
  readonly verdict: (headline: string) => Verdict;
  /** What a live query of hints shows has changed. */
  readonly onChanged: () => void;
  readonly onMisdeed: (peer: NodeKey, code: string) => void;
  readonly log: (context: string, error: unknown) => void;
}

interface Attached {
  readonly peers: () => NodeKey[];
  readonly client: Pick<PubClient, "fetch">;
  readonly gauge: LinkGauge;
}

/** What neighbours hold and have not sent, and how each subscription is to be served. */
export class Hints {
  readonly #options: HintsOptions;
  readonly #book: HintBook;
  readonly #unsubscribe: () => void;
  #network: Attached | null = null;
  /** What is asked of neighbours now, with what the person wants of each. */
  #asked: readonly Subscription[] = [];
  readonly #wishes = new Map<string, ModeWish>();

  constructor(options: HintsOptions, book: HintBook) {
    this.#options = options;
    this.#book = book;
    this.#unsubscribe = options.store.subscribe((change) => this.#stored(change));
  }

  /** @param retune called when the links have become better or worse */
  attach(mesh: Pick<Mesh, "links" | "on" | "peers">, client: Pick<PubClient, "fetch">, retune: () => void): void {
    this.detach();
    this.#network = { client, peers: () => mesh.peers(), gauge: new LinkGauge(mesh, this.#options.clock, retune) };
  }

  detach(): void {
    this.#network?.gauge.stop();
    this.#network = null;
  }

  stop(): void {
    this.detach();
    this.#unsubscribe();
  }

  modeOf(target: Target, wish: ModeWish): Mode {
    this.#wishes.set(targetKey(target), wish);
    return modeFor(target, wish, this.#circumstances());
  }

  /** What is asked of neighbours from now on. */
  asked(subscriptions: readonly Subscription[]): void {
    this.#asked = subscriptions;
    const keys = new Set(subscriptions.map(({ target }) => targetKey(target)));
    for (const key of this.#wishes.keys()) if (!keys.has(key)) this.#wishes.delete(key);
    this.#options.onChanged();
  }

  /** A neighbour tells of these. Resolves when it is durable. */
  async told(heard: readonly Heard[], from: NodeKey): Promise<void> {
    const { clock, onChanged } = this.#options;
    await this.#book.note(heard, from, clock.now());
    onChanged();
  }

  /** @throws WireError `NODE_ID_INVALID` */
  view(feed: FeedSpec): HintsView {
    const covers = coverageOf(feed, this.#options.context());
    const hints = this.#shown(covers);
    const headlines = hints.filter((hint) => headlineOf(hint) !== undefined).slice(0, MAX_SHOWN);
    const subscriptions = this.#asked.filter(({ target }) => covers([targetKey(target)]));
    const own = `n:${toHex(this.#options.context().self)}`;
    const wished = subscriptions.some(({ target }) => {
      const key = targetKey(target);
      // What this person writes elsewhere comes in full, whatever else is chosen.
      return key !== own && (this.#wishes.get(key) ?? "auto") !== "auto";
    });
    return {
      headlines: headlines.map((hint) => viewOf(hint, this.#verdictOf(hint))),
      more: hints.length - headlines.length,
      mode: thriftiest(subscriptions.map(({ mode }) => mode)),
      by: wished ? "feed" : this.#options.lowData() === "auto" ? "links" : "setting",
    };
  }

  /** Fetches these, or all that is known of a feed. @throws PeerError `OFFLINE`; the signal's reason */
  async load(
    feed: FeedSpec,
    hashes: readonly Hash[] | undefined,
    signal: AbortSignal,
  ): Promise<{ held: number; missing: number }> {
    const { context, store } = this.#options;
    const covers = coverageOf(feed, context());
    const wanted = hashes ?? this.#shown(covers).map(({ hash }) => hash);
    const lacking = wanted.filter((hash) => !store.envelopes.has(hash));
    if (lacking.length > 0) {
      const linked = new Set(this.#network?.peers().map(toHex));
      if (this.#network === null || linked.size === 0) throw new PeerError("OFFLINE", "Nobody is there to ask.");
      const tellersOf = (hash: Hash): NodeKey[] => this.#book.get(hash)?.tellers.map(({ peer }) => peer) ?? [];
      await this.#network.client.fetch(lacking, lacking.flatMap(tellersOf), signal);
      // Whoever told of it was there and has lost it since, or may not give it any more.
      await this.#book.take(lacking.filter((hash) => tellersOf(hash).some((peer) => linked.has(toHex(peer)))));
      this.#options.onChanged();
    }
    const held = wanted.filter((hash) => store.envelopes.has(hash)).length;
    return { held, missing: wanted.length - held };
  }

  /** The latest first; what this person does not want to see is left out. */
  #shown(covers: (targets: readonly string[]) => boolean): Hint[] {
    return this.#book.all().filter((hint) => covers(hint.targets) && this.#verdictOf(hint).kind !== "hidden");
  }

  #verdictOf(hint: Hint): Verdict {
    const headline = headlineOf(hint);
    return typeof headline === "string" ? this.#options.verdict(headline) : SHOWN;
  }

  #circumstances() {
    const { lowData, metered } = this.#options;
    return { quality: this.#network?.gauge.quality ?? "good", metered: metered(), lowData: lowData() };
  }

  /** However an envelope came: now its headline is known. */
  #stored({ envelopes }: StoreChange): void {
    const told = envelopes.filter(({ hash }) => this.#book.has(hash)).map(({ hash }) => hash);
    if (told.length === 0) return;
    this.#compare(told).catch((error: unknown) => this.#options.log("hints", error));
  }

  async #compare(hashes: readonly Hash[]): Promise<void> {
    const { onChanged, onMisdeed, store } = this.#options;
    const held = await store.envelopes.bytes(hashes);
    const headlines = new Map(
      hashes.flatMap((hash, at) => (held[at] ? [[toHex(hash), decodeEnvelope(held[at]).headline] as const] : [])),
    );
    for (const { hash, tellers } of await this.#book.take(hashes)) {
      const headline = headlines.get(toHex(hash));
      if (headline === undefined) continue;
      for (const { headline: said, peer } of tellers) {
        if (said !== undefined && said !== headline) onMisdeed(peer, FALSE_HEADLINE);
      }
    }
    onChanged();
  }
}

/** Of whoever told first; `undefined` when nobody gave one. */
function headlineOf({ tellers }: Hint): string | null | undefined {
  return tellers.find(({ headline }) => headline !== undefined)?.headline;
}

function viewOf(hint: Hint, verdict: Verdict): HintView {
  const { hash, told, tellers } = hint;
  const muted = verdict.kind === "covered" ? verdict.reason.by : null;
  return { hash: toHex(hash), headline: headlineOf(hint) ?? null, muted, told, by: tellers.length };
}
