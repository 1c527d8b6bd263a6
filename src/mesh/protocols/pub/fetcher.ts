import { toHex, type Hash } from "../../../wire/index.ts";
import { MeshError } from "../../errors.ts";
import { abortable, withDeadline, type Clock } from "../clock.ts";
import { ProtocolError } from "../errors.ts";
import type { Claims } from "./claims.ts";
import type { Delivered } from "../delivered.ts";
import { CLAIM_TIMEOUT, DELIVERY_TIMEOUT, MAX_BARREN } from "./constants.ts";
import type { Starts } from "./starts.ts";

/** One announcement; `caughtUp` is one without hashes that waits for those before it. */
export interface Batch {
  readonly kind: "have" | "caughtUp";
  readonly generation: number;
  readonly cursor: number;
  readonly hashes: readonly Hash[];
  readonly starts?: readonly Starts[];
}

export interface FetcherOptions {
  readonly claims: Claims;
  readonly clock: Clock;
  readonly known: (hash: Hash) => boolean;
  readonly want: (hashes: readonly Hash[], more: boolean) => void;
  readonly receive: (items: readonly Delivered[]) => Promise<void>;
  /**
   * Everything of the batch, and of all before it, is held here or was not to be had. The next batch waits for what this returns:
   * the window is what bounds the work that a server makes.
   */
  readonly onDone: (batch: Batch) => Promise<void> | undefined;
  readonly signal: AbortSignal;
}

interface Expected {
  /** By hex. */
  readonly hashes: Set<string>;
  delivered: number;
  /** Work on what has been delivered; the next frame is taken when it is done. */
  received: Promise<void>;
  readonly finish: () => void;
  readonly fail: (error: unknown) => void;
  cancelTimer: () => void;
}

/** Works off the announcements of one server in their order: one `want` at a time, so that what is unread has a bound. */
export class Fetcher {
  readonly #options: FetcherOptions;
  readonly #batches: Batch[] = [];
  #expected: Expected | null = null;
  #barren = 0;
  #unanswered = 0;
  #wake: () => void = () => undefined;

  constructor(options: FetcherOptions) {
    this.#options = options;
  }

  get queued(): number {
    return this.#batches.length;
  }

  /** Announcements not worked off yet. */
  get pending(): number {
    return this.#batches.filter((batch) => batch.kind === "have").length;
  }

  /** Announcements without a final want: what the server's window counts. */
  get unanswered(): number {
    return this.#unanswered;
  }

  add(batch: Batch): void {
    this.#batches.push(batch);
    if (batch.kind === "have") this.#unanswered++;
    this.#wake();
  }

  /** @throws ProtocolError `VIOLATION`, `BAD_HASH` */
  async deliver(items: readonly Delivered[], last: boolean): Promise<void> {
    const expected = this.#expected;
    if (expected === null) throw new ProtocolError("VIOLATION", "Envelopes that nobody wants.");
    for (const item of items) {
      if (!expected.hashes.delete(toHex(item.hash))) throw new ProtocolError("BAD_HASH", "An envelope not asked for.");
    }
    expected.delivered += items.length;
    this.#watch(expected);
    // Two frames at a time: one being checked while the next one arrives.
    await expected.received;
    expected.received = items.length === 0 ? Promise.resolve() : this.#options.receive(items);
    // Whoever waits for it handles the failure; until then nobody is listening.
    expected.received.catch(() => undefined);
    if (!last) return;
    expected.cancelTimer();
    this.#expected = null;
    expected.received.then(expected.finish, expected.fail);
  }

  /** @throws when the signal fires, and whatever went wrong in a batch */
  async run(): Promise<void> {
    const { signal } = this.#options;
    while (!signal.aborted) {
      const [batch] = this.#batches;
      if (batch === undefined) {
        await this.#sleep();
        continue;
      }
      if (batch.kind === "have") await this.#fetch(batch.hashes);
      this.#batches.shift();
      const done = this.#options.onDone(batch);
      if (done !== undefined) await done;
    }
  }

  async #fetch(hashes: readonly Hash[]): Promise<void> {
    const { claims, known } = this.#options;
    const lacking = hashes.filter((hash) => !known(hash));
    if (lacking.length === 0) {
      this.#want([], false);
      return;
    }
    const mine = claims.take(this, lacking);
    const others = new Set(mine.map(toHex));
    const elsewhere = lacking.filter((hash) => !others.has(toHex(hash)));
    if (mine.length > 0) await this.#request(mine, elsewhere.length > 0);
    if (elsewhere.length > 0) await this.#fetchLater(elsewhere);
  }

  /** What others are fetching is asked for here when they do not deliver: by one of those who wait, not by all at once. */
  async #fetchLater(hashes: readonly Hash[]): Promise<void> {
    const { claims, known } = this.#options;
    for (let waiting = hashes; waiting.length > 0;) {
      const claimants = claims.claimants(waiting);
      await this.#leaveTo(waiting);
      waiting = waiting.filter((hash) => !known(hash));
      const mine = claims.takeOver(this, waiting, claimants);
      const taken = new Set(mine.map(toHex));
      waiting = waiting.filter((hash) => !taken.has(toHex(hash)));
      if (mine.length === 0) continue;
      await this.#request(mine, waiting.length > 0);
      if (waiting.length === 0) return;
    }
    this.#want([], false);
  }

  /** After CLAIM_TIMEOUT, or when no claim is as it was: the others delivered, or had their chance. */
  async #leaveTo(hashes: readonly Hash[]): Promise<void> {
    const { claims, clock, signal } = this.#options;
    try {
      await withDeadline(clock, CLAIM_TIMEOUT, signal, (deadline) => abortable(claims.settled(hashes), deadline));
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof MeshError) || error.code !== "TIMEOUT") throw error;
    }
  }

  async #request(hashes: readonly Hash[], more: boolean): Promise<void> {
    const { claims, signal } = this.#options;
    try {
      await abortable(
        new Promise<void>((resolve, reject) => {
          const expected: Expected = {
            hashes: new Set(hashes.map(toHex)),
            delivered: 0,
            received: Promise.resolve(),
            finish: () => resolve(),
            fail: reject,
            cancelTimer: () => undefined,
          };
          this.#expected = expected;
          this.#watch(expected);
          this.#want(hashes, more);
          this.#barren++;
        }),
        signal,
      );
    } finally {
      this.#expected?.cancelTimer();
      this.#expected = null;
      claims.release(this, hashes);
    }
    if (this.#barren > MAX_BARREN) throw new ProtocolError("VIOLATION", "Announcements that are never delivered.");
  }

  #want(hashes: readonly Hash[], more: boolean): void {
    if (!more) this.#unanswered--;
    this.#options.want(hashes, more);
  }

  #watch(expected: Expected): void {
    if (expected.delivered > 0) this.#barren = 0;
    expected.cancelTimer();
    expected.cancelTimer = this.#options.clock.after(DELIVERY_TIMEOUT, () =>
      expected.fail(new MeshError("TIMEOUT", "The server delivers nothing.")),
    );
  }

  async #sleep(): Promise<void> {
    const woken = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    await abortable(woken, this.#options.signal);
  }
}
