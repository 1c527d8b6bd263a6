import { TokenBucket, type Rate } from "../../social/index.ts";
import { toHex, type NodeKey } from "../../wire/index.ts";

export { TokenBucket, type Rate };

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
