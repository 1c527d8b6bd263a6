import { BoundedMap } from "../../../social/index.ts";
import { toHex, type Hash } from "../../../wire/index.ts";
import { REMEMBERED_HASHES } from "./constants.ts";

interface Claim {
  readonly owner: object;
  readonly released: Promise<void>;
  readonly release: () => void;
}

/**
 * Who is fetching what. Several neighbours announce the same envelopes at the same time; each is asked of one of them,
 * and of another only when the first does not deliver. Whoever reconciles (/mehr/sync/1) knows what it fetches by a short
 * name only, so claims go by names.
 */
export class Claims {
  /** The name of an envelope. */
  readonly name: (hash: Hash) => string;
  readonly #claims = new Map<string, Claim>();
  /** Released lately: delivered, or given up. */
  readonly #released = new BoundedMap<string, true>(4 * REMEMBERED_HASHES);

  constructor(name: (hash: Hash) => string = toHex) {
    this.name = name;
  }

  /** Claims those that nobody fetches; gives them back in the order asked. */
  take(owner: object, hashes: readonly Hash[]): Hash[] {
    return hashes.filter((hash) => {
      const name = this.name(hash);
      if (this.isClaimed(name)) return false;
      this.#set(owner, name);
      return true;
    });
  }

  /** By whom they are claimed now. */
  claimants(hashes: readonly Hash[]): ReadonlyMap<string, object> {
    const names = hashes.map(this.name);
    return new Map(names.flatMap((name) => (this.#claims.has(name) ? [[name, this.#claims.get(name) as Claim]] : [])));
  }

  /** Claims those that nobody fetches, and those whose claimant is still the one that had its time. */
  takeOver(owner: object, hashes: readonly Hash[], late: ReadonlyMap<string, object>): Hash[] {
    const mine = hashes.filter((hash) => {
      const claim = this.#claims.get(this.name(hash));
      return claim === undefined || claim === late.get(this.name(hash));
    });
    this.seize(owner, mine);
    return mine;
  }

  isClaimed(name: string): boolean {
    return this.#claims.has(name);
  }

  /** Whether some of these were released lately, so that they may be held by now. */
  someReleased(names: readonly string[]): boolean {
    return names.some((name) => this.#released.get(name) !== undefined);
  }

  /** Claims all of them, also from others: they had their time. */
  seize(owner: object, hashes: readonly Hash[]): void {
    this.seizeNamed(owner, hashes.map(this.name));
  }

  seizeNamed(owner: object, names: readonly string[]): void {
    for (const name of names) {
      this.#claims.get(name)?.release();
      this.#set(owner, name);
    }
  }

  /** Delivered, or given up: whoever waits looks again. Claims of others stay. */
  release(owner: object, hashes: readonly Hash[]): void {
    this.releaseNamed(owner, hashes.map(this.name));
  }

  releaseNamed(owner: object, names: Iterable<string>): void {
    for (const name of names) this.#drop(owner, name);
  }

  /** The session ended with everything it had claimed. */
  releaseAll(owner: object): void {
    this.releaseNamed(owner, this.#claims.keys());
  }

  /** Resolves when none of these is claimed any more as it is now. */
  async settled(hashes: readonly Hash[]): Promise<void> {
    await this.settledNamed(hashes.map(this.name));
  }

  async settledNamed(names: readonly string[]): Promise<void> {
    await Promise.all(names.flatMap((name) => this.#claims.get(name)?.released ?? []));
  }

  #set(owner: object, name: string): void {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.#claims.set(name, { owner, released, release });
  }

  #drop(owner: object, name: string): void {
    const claim = this.#claims.get(name);
    if (claim?.owner !== owner) return;
    this.#claims.delete(name);
    this.#released.set(name, true);
    claim.release();
  }
}
