import { toHex, type NodeKey } from "../../../wire/index.ts";
import { abortable, type Clock } from "../clock.ts";
import { ProtocolError } from "../errors.ts";

/**
 * A direct neighbour answers within a round trip or two; after this long the next one is asked as well.
 * Dialling through a relay takes 180-740 ms (measured), so a provider that must be dialled loses to one that is linked.
 */
const HEDGE_DELAY = 300;
/** Asked at the same time. More would multiply the load on providers for little gain. */
const MAX_PARALLEL = 3;
/** Peers asked in all: a list of providers is somebody's word, and may be long. */
const MAX_ATTEMPTS = 16;

export interface FetchOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds before the next candidate is asked, too. */
  readonly hedgeDelay?: number;
}

export interface Fetched {
  readonly bytes: Uint8Array;
  readonly from: NodeKey;
}

interface FetchPlan extends FetchOptions {
  readonly self: NodeKey;
  readonly clock: Clock;
  readonly candidates: Iterable<NodeKey> | AsyncIterable<NodeKey>;
  /** Resolves with verified bytes only. */
  readonly ask: (peer: NodeKey, signal: AbortSignal) => Promise<Uint8Array>;
}

type Happening =
  | { readonly kind: "won"; readonly fetched: Fetched }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "candidate"; readonly next: IteratorResult<NodeKey> }
  | { readonly kind: "search failed"; readonly error: unknown }
  | { readonly kind: "hedge" };

/** A hedged fetch: the losers are aborted as soon as one candidate delivered. */
export async function fetchFirst(plan: FetchPlan): Promise<Fetched> {
  plan.signal?.throwIfAborted();
  const iterator = iteratorOf(plan.candidates);
  const done = new AbortController();
  const forward = (): void => done.abort(plan.signal?.reason);
  plan.signal?.addEventListener("abort", forward, { once: true });
  try {
    return await new Race(plan, iterator, done.signal).run();
  } finally {
    plan.signal?.removeEventListener("abort", forward);
    done.abort(new ProtocolError("STOPPED", "Another provider was faster."));
    // A search that goes on in the network ends with it; whether it does so in order concerns nobody here.
    iterator.return?.().catch(() => undefined);
  }
}

class Race {
  readonly #plan: FetchPlan;
  readonly #iterator: AsyncIterator<NodeKey>;
  readonly #signal: AbortSignal;
  readonly #asked = new Set<string>();
  readonly #errors: unknown[] = [];
  /** A candidate found while all places were taken, or before it was its turn. */
  #ready: NodeKey | null = null;
  #pulling = false;
  #exhausted = false;
  #running = 0;
  /** The last question is old enough for another one beside it. */
  #mayHedge = true;
  #cancelHedge: () => void = () => undefined;
  readonly #happenings: Happening[] = [];
  #wake: () => void = () => undefined;

  constructor(plan: FetchPlan, iterator: AsyncIterator<NodeKey>, signal: AbortSignal) {
    this.#plan = plan;
    this.#iterator = iterator;
    this.#signal = signal;
    this.#asked.add(toHex(plan.self));
  }

  async run(): Promise<Fetched> {
    try {
      for (;;) {
        this.#advance();
        if (this.#running === 0 && this.#ready === null && this.#exhausted) throw this.#failure();
        const happening = await this.#next();
        if (happening.kind === "won") return happening.fetched;
        this.#handle(happening);
      }
    } finally {
      this.#cancelHedge();
    }
  }

  #handle(happening: Exclude<Happening, { kind: "won" }>): void {
    switch (happening.kind) {
      case "failed":
        this.#running--;
        this.#errors.push(happening.error);
        this.#mayHedge = true;
        return;
      case "hedge":
        this.#mayHedge = true;
        return;
      case "search failed":
        this.#pulling = false;
        this.#exhausted = true;
        this.#errors.push(happening.error);
        return;
      case "candidate":
        this.#pulling = false;
        this.#admit(happening.next);
    }
  }

  #admit(next: IteratorResult<NodeKey>): void {
    if (next.done === true) {
      this.#exhausted = true;
      return;
    }
    const key = toHex(next.value);
    if (this.#asked.has(key)) return;
    this.#asked.add(key);
    this.#ready = next.value;
    if (this.#asked.size > MAX_ATTEMPTS) this.#exhausted = true;
  }

  #advance(): void {
    if (this.#ready !== null && this.#running < MAX_PARALLEL && (this.#running === 0 || this.#mayHedge)) {
      const peer = this.#ready;
      this.#ready = null;
      this.#start(peer);
    }
    if (this.#ready === null && !this.#pulling && !this.#exhausted) this.#pull();
  }

  #start(peer: NodeKey): void {
    this.#running++;
    this.#mayHedge = false;
    this.#cancelHedge();
    this.#cancelHedge = this.#plan.clock.after(this.#plan.hedgeDelay ?? HEDGE_DELAY, () =>
      this.#tell({ kind: "hedge" }),
    );
    this.#plan.ask(peer, this.#signal).then(
      (bytes) => this.#tell({ kind: "won", fetched: { bytes, from: peer } }),
      (error: unknown) => this.#tell({ kind: "failed", error }),
    );
  }

  #pull(): void {
    this.#pulling = true;
    this.#iterator.next().then(
      (next) => this.#tell({ kind: "candidate", next }),
      (error: unknown) => this.#tell({ kind: "search failed", error }),
    );
  }

  #tell(happening: Happening): void {
    this.#happenings.push(happening);
    this.#wake();
  }

  async #next(): Promise<Happening> {
    if (this.#happenings.length === 0) {
      const told = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      await abortable(told, this.#signal);
    }
    return this.#happenings.shift() as Happening;
  }

  #failure(): ProtocolError {
    if (this.#errors.length === 0) return new ProtocolError("NO_PROVIDERS", "Nobody is known to hold it.");
    const has = (code: string): boolean =>
      this.#errors.some((error) => error instanceof ProtocolError && error.code === code);
    const code = has("TOO_LARGE") ? "TOO_LARGE" : has("NOT_FOUND") ? "NOT_FOUND" : "UNREACHABLE";
    const cause = new AggregateError(this.#errors);
    return new ProtocolError(code, `None of ${this.#errors.length} peers delivered it.`, { cause });
  }
}

function iteratorOf(candidates: Iterable<NodeKey> | AsyncIterable<NodeKey>): AsyncIterator<NodeKey> {
  if (Symbol.asyncIterator in candidates) return candidates[Symbol.asyncIterator]();
  const iterator = candidates[Symbol.iterator]();
  return { next: () => Promise.resolve(iterator.next()) };
}
