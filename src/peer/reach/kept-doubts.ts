import * as v from "valibot";
import { Doubts, type Doubt, type Doubted } from "../../social/index.ts";
import type { Store } from "../../store/port.ts";
import { Serial } from "../../store/serial.ts";
import type { NodeKey } from "../../wire/index.ts";

/** Also the name by which a backup carries it. */
export const DOUBTS_KEY = "doubts";
const KEY_BYTES = 32;

const Key = v.pipe(
  v.instance(Uint8Array),
  v.check((key) => key.length === KEY_BYTES),
);
const Stored = v.object({ key: Key, causes: v.pipe(v.array(Key), v.minLength(1)), since: v.number() });

/** Whose word is doubted here, kept over restarts and told to nobody. */
export class KeptDoubts implements Doubted {
  readonly #store: Store;
  readonly #doubts: Doubts;
  readonly #changes = new Serial();
  /** Whoever this person trusts or follows is believed, whomever it vouched for. */
  #spared: (key: NodeKey) => boolean = () => false;

  private constructor(store: Store, doubts: Doubts) {
    this.#store = store;
    this.#doubts = doubts;
  }

  static async open(store: Store): Promise<KeptDoubts> {
    const stored = await store.setting(DOUBTS_KEY);
    const doubts: Doubt[] = [];
    for (const entry of Array.isArray(stored) ? stored : []) {
      // A damaged entry costs that entry, not the start of the peer.
      const parsed = v.safeParse(Stored, entry);
      if (parsed.success) doubts.push(parsed.output);
    }
    return new KeptDoubts(store, new Doubts(doubts));
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
