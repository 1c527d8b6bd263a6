import * as v from "valibot";
import { Doubts, type Doubt, type Doubted } from "../../social/index.ts";
import type { Store } from "../../store/port.ts";
import { Serial } from "../../store/serial.ts";
import { fromHex, toHex, type Hash, type NodeKey } from "../../wire/index.ts";

const DOUBTS_KEY = "doubts";
const HUSHED_KEY = "hushed";
const KEY_BYTES = 32;
/** What a coalition brings past the rates of protocol section 18 in a few days; the oldest are shown again. */
const MAX_HUSHED = 2_048;

const Key = v.pipe(
  v.instance(Uint8Array),
  v.check((key) => key.length === KEY_BYTES),
);
const StoredHushed = v.object({ envelope: Key, vouchers: v.array(Key) });
const Stored = v.object({ key: Key, causes: v.pipe(v.array(Key), v.minLength(1)), since: v.number() });

/** Whose word is doubted here, kept over restarts and told to nobody. */
export class KeptDoubts implements Doubted {
  readonly #store: Store;
  readonly #doubts: Doubts;
  /** By hex of the envelope: whose word brought it here. */
  #hushed: ReadonlyMap<string, readonly NodeKey[]>;
  readonly #changes = new Serial();
  /** Whoever this person trusts or follows is believed, whomever it vouched for. */
  #spared: (key: NodeKey) => boolean = () => false;

  private constructor(store: Store, doubts: Doubts, hushed: ReadonlyMap<string, readonly NodeKey[]>) {
    this.#store = store;
    this.#doubts = doubts;
    this.#hushed = hushed;
  }

  static async open(store: Store): Promise<KeptDoubts> {
    const doubts: Doubt[] = [];
    for (const entry of await list(store, DOUBTS_KEY)) {
      // A damaged entry costs that entry, not the start of the peer.
      const parsed = v.safeParse(Stored, entry);
      if (parsed.success) doubts.push(parsed.output);
    }
    const hushed = new Map<string, readonly NodeKey[]>();
    for (const entry of await list(store, HUSHED_KEY)) {
      const parsed = v.safeParse(StoredHushed, entry);
      if (parsed.success) hushed.set(toHex(parsed.output.envelope), parsed.output.vouchers);
    }
    return new KeptDoubts(store, new Doubts(doubts), hushed);
  }

  spare(spared: (key: NodeKey) => boolean): void {
    this.#spared = spared;
  }

  get size(): number {
    return this.#doubts.size;
  }

  has(key: NodeKey): boolean {
    return this.#doubts.has(key) && !this.#spared(key);
  }

  /** Whether any envelope is here on the word of people whose word does not count any more. */
  get hushesAny(): boolean {
    return this.#hushed.size > 0 && this.size > 0;
  }

  /** Whether this one is, and nobody's word for it has come to count since. */
  hushes(envelope: Hash): boolean {
    return this.#hushed.get(toHex(envelope))?.some((key) => this.has(key)) === true;
  }

  /** Remembers whose word brought these here: their certificates end after a day, and they stay. */
  hush(found: readonly { readonly envelope: Hash; readonly vouchers: readonly NodeKey[] }[]): Promise<void> {
    return this.#changes.run(async () => {
      const next = new Map(this.#hushed);
      for (const { envelope, vouchers } of found) next.set(toHex(envelope), vouchers);
      const kept = [...next].slice(-MAX_HUSHED);
      const stored = kept.map(([envelope, vouchers]) => ({ envelope: fromHex(envelope), vouchers }));
      await this.#store.commit({ settings: { [HUSHED_KEY]: stored } });
      this.#hushed = new Map(kept);
    });
  }

  /** Those whose word counts for nothing now, latest first. */
  all(): Doubt[] {
    return this.#doubts.all().filter(({ key }) => !this.#spared(key));
  }

  /** Each resolves with whether anything changed, once it is durable. */
  note(cause: NodeKey, vouchers: readonly NodeKey[], now: number): Promise<boolean> {
    // One who is known well is not noted either: it is not to be doubted when it is followed no more.
    return this.#change(() =>
      this.#doubts.note(
        cause,
        vouchers.filter((key) => !this.#spared(key)),
        now,
      ),
    );
  }

  forgive(cause: NodeKey): Promise<boolean> {
    return this.#change(() => this.#doubts.forgive(cause));
  }

  believe(key: NodeKey): Promise<boolean> {
    return this.#change(() => this.#doubts.believe(key));
  }

  #change(change: () => boolean): Promise<boolean> {
    return this.#changes.run(async () => {
      if (!change()) return false;
      const stored = this.#doubts.all().toReversed();
      await this.#store.commit({ settings: { [DOUBTS_KEY]: stored } }, { durability: "strict" });
      return true;
    });
  }
}

async function list(store: Store, key: string): Promise<readonly unknown[]> {
  const stored = await store.setting(key);
  return Array.isArray(stored) ? stored : [];
}
