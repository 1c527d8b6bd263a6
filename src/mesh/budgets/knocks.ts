/** How often others may begin to signal with this peer: each time costs the window an RTCPeerConnection. */
import type { NodeKey } from "../../wire/types.ts";
import type { Clock } from "../protocols/clock.ts";
import { PeerBudgets, TokenBucket } from "../protocols/token-bucket.ts";
import { BUDGETS, type KnockBudget } from "./limits.ts";

export class Knocks {
  readonly #clock: Clock;
  readonly #ofOne: PeerBudgets<"knocks">;
  readonly #ofAll: TokenBucket;

  constructor(clock: Clock, limits: KnockBudget = BUDGETS.knocks) {
    this.#clock = clock;
    this.#ofOne = new PeerBudgets({ knocks: limits.ofOne });
    this.#ofAll = new TokenBucket(limits.ofAll, clock.now());
  }

  /** Whether this peer may come in now; if so, it is counted. */
  take(peer: NodeKey): boolean {
    const now = this.#clock.now();
    const { knocks } = this.#ofOne.of(peer, now);
    if (!knocks.has(1, now)) return false;
    // Counted before the common budget is looked at: who is turned away there comes again, and not sooner for it.
    knocks.spend(1, now);
    if (!this.#ofAll.has(1, now)) return false;
    this.#ofAll.spend(1, now);
    return true;
  }
}
