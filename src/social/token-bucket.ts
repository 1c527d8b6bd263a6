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

  /** Whether so much is there now, without going into debt. */
  has(tokens: number, now: number): boolean {
    this.#refill(now);
    return this.#tokens >= tokens;
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
