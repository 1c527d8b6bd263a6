import type { Clock, StoreClient } from "../../mesh/protocols/index.ts";
import { toHex, type Hash, type NodeKey } from "../../wire/index.ts";

/** What came needs a signature check and the disk of its receiver. Doubled with each further question; in ms. */
const FIRST_WAIT = 1_000;
/** Questions about one gift: half a minute in all. A peer that is gone by then is given it again when it comes back. */
const MAX_QUESTIONS = 5;
/** Of one `has`; what is beyond it waits for the next one. */
const MAX_HASHES = 256;

export interface DeliveriesOptions {
  readonly clock: Clock;
  readonly client: Pick<StoreClient, "has">;
  /** Whether this person trusts the peer, now. */
  readonly trusts: (peer: NodeKey) => boolean;
  /** Whether this waits for somebody to have it. */
  readonly waits: (hash: Hash) => boolean;
  /** A trusted peer holds it. */
  readonly onHeld: (hash: Hash) => void;
  readonly log: (context: string, error: unknown) => void;
}

interface Given {
  readonly peer: NodeKey;
  readonly hashes: Map<string, Hash>;
  readonly cancel: () => void;
}

/**
 * Whether what was given to trusted peers has come to them. That a stream took it says little, since the other end may be
 * gone without anybody having noticed; so those who were given something are asked whether they hold it.
 */
export class Deliveries {
  readonly #options: DeliveriesOptions;
  /** By hex of the peer's key. */
  readonly #given = new Map<string, Given>();
  readonly #ended = new AbortController();

  constructor(options: DeliveriesOptions) {
    this.#options = options;
  }

  /** This was handed to a peer, or the peer says that it has it. */
  given(hash: Hash, to: NodeKey): void {
    const { trusts, waits } = this.#options;
    if (waits(hash) && trusts(to)) this.#note(to, [hash], FIRST_WAIT);
  }

  stop(): void {
    this.#ended.abort();
    for (const { cancel } of this.#given.values()) cancel();
    this.#given.clear();
  }

  /** The first of several that are given together sets the time. */
  #note(peer: NodeKey, hashes: readonly Hash[], wait: number): void {
    if (this.#ended.signal.aborted) return;
    const key = toHex(peer);
    const known = this.#given.get(key);
    const cancel = known?.cancel ?? this.#options.clock.after(wait, () => this.#ask(key, wait));
    const given = known ?? { peer, hashes: new Map<string, Hash>(), cancel };
    this.#given.set(key, given);
    for (const hash of hashes) given.hashes.set(toHex(hash), hash);
  }

  #ask(key: string, waited: number): void {
    const given = this.#given.get(key);
    this.#given.delete(key);
    if (given === undefined) return;
    this.#look(given, waited).catch((error: unknown) => {
      if (!this.#ended.signal.aborted) this.#options.log("deliveries", error);
    });
  }

  async #look({ hashes, peer }: Given, waited: number): Promise<void> {
    const { client, onHeld, trusts, waits } = this.#options;
    const open = [...hashes.values()].filter(waits);
    // Whoever is no longer trusted is not even asked.
    if (open.length === 0 || !trusts(peer)) return;
    const asked = open.slice(0, MAX_HASHES);
    const held = await client.has(peer, asked, { signal: this.#ended.signal });
    const missing = asked.filter((hash, at) => {
      if (held[at] === true) onHeld(hash);
      return held[at] !== true;
    });
    if (open.length > asked.length) this.#note(peer, open.slice(MAX_HASHES), FIRST_WAIT);
    if (missing.length > 0 && waited < FIRST_WAIT * 2 ** (MAX_QUESTIONS - 1)) this.#note(peer, missing, waited * 2);
  }
}
