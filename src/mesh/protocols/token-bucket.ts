import type { NodeKey } from "../../wire/index.ts";
import { toHex } from "../../wire/index.ts";

export interface Rate {
  /** Tokens that come back each second. */
  readonly perSecond: number;
  /** Tokens that an idle peer has saved up. */
  readonly burst: number;
}

/** A budget that refills with time. It may run into debt: what was already done is always counted. */
export class TokenBucket {
  readonly #rate: Rate;
  #tokens: number;
  #at: number;

  constructor(rate: Rate, now: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#at = now;
  }

  /** Milliseconds until the budget is out of debt; 0 when something may be done now. */
  debt(now: number): number {
    this.#refill(now);
    return this.#tokens >= 0 ? 0 : Math.ceil((-this.#tokens / this.#rate.perSecond) * 1_000);
  }

  spend(tokens: number, now: number): void {
    this.#refill(now);
    this.#tokens -= tokens;
  }

  /** Nothing is owed or missing: forgetting this bucket changes nothing. */
  full(now: number): boolean {
    this.#refill(now);
    return this.#tokens >= this.#rate.burst;
  }

  #refill(now: number): void {
    // A clock that was set back gives nothing and takes nothing.
    const passed = Math.max(0, now - this.#at);
    this.#at = now;
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + (passed / 1_000) * this.#rate.perSecond);
  }
}

/** Above this number of remembered peers, those who owe nothing are forgotten. */
const REMEMBERED_PEERS = 1_024;

/** The budgets of every peer that was served lately. Coming back on a new connection does not renew them. */
export class PeerBudgets<Name extends string> {
  readonly #rates: Readonly<Record<Name, Rate>>;
  readonly #peers = new Map<string, Record<Name, TokenBucket>>();

  constructor(rates: Readonly<Record<Name, Rate>>) {
    this.#rates = rates;
  }

  of(peer: NodeKey, now: number): Record<Name, TokenBucket> {
    const key = toHex(peer);
    const known = this.#peers.get(key);
    if (known !== undefined) return known;
    if (this.#peers.size >= REMEMBERED_PEERS) this.#forget(now);
    const entries = Object.entries<Rate>(this.#rates).map(([name, rate]) => [name, new TokenBucket(rate, now)]);
    const fresh = Object.fromEntries(entries) as Record<Name, TokenBucket>;
    this.#peers.set(key, fresh);
    return fresh;
  }

  #forget(now: number): void {
    for (const [key, buckets] of this.#peers) {
      if (Object.values<TokenBucket>(buckets).every((bucket) => bucket.full(now))) this.#peers.delete(key);
    }
    // All of them owe something: the longest known goes, so that memory stays bounded whoever comes.
    if (this.#peers.size < REMEMBERED_PEERS) return;
    for (const key of this.#peers.keys()) {
      this.#peers.delete(key);
      return;
    }
  }
}
