import { toHex, type Hash } from "../../../wire/index.ts";

interface Claim {
  readonly owner: object;
  readonly released: Promise<void>;
  readonly release: () => void;
}

/**
 * Who is fetching what. Several neighbours announce the same envelopes at the same time; each is asked of one of them,
 * and of another only when the first does not deliver.
 */
export class Claims {
  readonly #claims = new Map<string, Claim>();

  /** Claims those that nobody fetches; gives them back in the order asked. */
  take(owner: object, hashes: readonly Hash[]): Hash[] {
    return hashes.filter((hash) => {
      const key = toHex(hash);
      if (this.#claims.has(key)) return false;
      this.#set(owner, key);
      return true;
    });
  }

  /** Claims all of them, also from others: they had their time. */
  seize(owner: object, hashes: readonly Hash[]): void {
    for (const hash of hashes) {
      const key = toHex(hash);
      this.#claims.get(key)?.release();
      this.#set(owner, key);
    }
  }

  /** Delivered, or given up: whoever waits looks again. Claims of others stay. */
  release(owner: object, hashes: readonly Hash[]): void {
    for (const hash of hashes) this.#drop(owner, toHex(hash));
  }

  /** The session ended with everything it had claimed. */
  releaseAll(owner: object): void {
    for (const key of this.#claims.keys()) this.#drop(owner, key);
  }

  /** Resolves when none of these is claimed any more as it is now. */
  async settled(hashes: readonly Hash[]): Promise<void> {
    await Promise.all(hashes.flatMap((hash) => this.#claims.get(toHex(hash))?.released ?? []));
  }

  #set(owner: object, key: string): void {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.#claims.set(key, { owner, released, release });
  }

  #drop(owner: object, key: string): void {
    const claim = this.#claims.get(key);
    if (claim?.owner !== owner) return;
    this.#claims.delete(key);
    claim.release();
  }
}
