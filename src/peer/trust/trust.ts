import * as v from "valibot";
import type { Store } from "../../store/port.ts";
import { Serial } from "../../store/serial.ts";
import { toHex, type NodeKey } from "../../wire/index.ts";
import { PeerError } from "../errors.ts";
import { KeptKey, readPeople } from "../kept-people.ts";

/** Also the name by which a backup carries it. */
const TRUST_KEY = "trust";
/** Each is kept linked, and may read what is written for trusted people: more than anybody knows in person. */
const MAX_TRUSTED = 500;

export interface Trusted {
  readonly key: NodeKey;
  /** Milliseconds since 1970. */
  readonly since: number;
}

const Stored = v.object({
  key: KeptKey,
  since: v.number(),
});

export interface TrustOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Blocking wins: nobody is trusted while blocked. */
  readonly blocked: (key: NodeKey) => boolean;
}

/**
 * Whom this person trusts. One-sided, kept here and told to nobody: a peer that asks for what is meant for trusted people
 * sees only what it gets.
 */
export class Trust {
  readonly #store: Store;
  readonly #options: TrustOptions;
  /** By hex of the key, in the order in which they were trusted. */
  #trusted: ReadonlyMap<string, Trusted>;
  /** Changes, one after the other: each writes the whole list. */
  readonly #changes = new Serial();
  readonly #listeners = new Set<(peer: NodeKey) => void>();

  private constructor(store: Store, options: TrustOptions, trusted: ReadonlyMap<string, Trusted>) {
    this.#store = store;
    this.#options = options;
    this.#trusted = trusted;
  }

  static async open(store: Store, options: TrustOptions): Promise<Trust> {
    return new Trust(store, options, await readPeople(store, TRUST_KEY, Stored, MAX_TRUSTED));
  }

  has(key: NodeKey): boolean {
    return this.#trusted.size > 0 && this.#trusted.has(toHex(key)) && !this.#options.blocked(key);
  }

  /** In the order in which they were trusted. */
  all(): Trusted[] {
    return [...this.#trusted.values()].filter(({ key }) => !this.#options.blocked(key));
  }

  /** In the order in which they were trusted. */
  keys(): NodeKey[] {
    return this.all().map(({ key }) => key);
  }

  /** This peer asks for what is written for trusted people, which it does of those alone whom its person trusts. */
  trustedBy(peer: NodeKey): void {
    for (const listener of this.#listeners) listener(peer);
  }

  /** Returns how to stop. */
  onTrustedBy(listener: (peer: NodeKey) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Resolves with whether anything changed, once it is durable. Whoever is not to be trusted any more is not from the call on.
   * @throws PeerError `TRUST_FULL`
   */
  set(key: NodeKey, trusted: boolean): Promise<boolean> {
    return this.#changes.run(() => this.#set(key, trusted));
  }

  async #set(key: NodeKey, trusted: boolean): Promise<boolean> {
    if (this.#trusted.has(toHex(key)) === trusted) return false;
    if (trusted && this.#trusted.size >= MAX_TRUSTED) {
      throw new PeerError("TRUST_FULL", `At most ${MAX_TRUSTED} people can be trusted.`);
    }
    const before = this.#trusted;
    const next = new Map(before);
    if (trusted) next.set(toHex(key), { key, since: this.#options.now() });
    else next.delete(toHex(key));
    // Taking trust back does not wait for the disk.
    if (!trusted) this.#trusted = next;
    try {
      await this.#store.commit({ settings: { [TRUST_KEY]: [...next.values()] } }, { durability: "strict" });
    } catch (error) {
      this.#trusted = before;
      throw error;
    }
    this.#trusted = next;
    return true;
  }
}
