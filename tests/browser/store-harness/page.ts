/** The store of the product over the browser's own IndexedDB, and what a test may ask of it. */
import { type Holding, openIdbStore, type Store, StoreError } from "../../../src/store/index.ts";
import { toHex } from "../../../src/wire/index.ts";
import { acceptance } from "../../store/acceptance.ts";
import { bytes32, envelopes } from "../../store/envelopes.ts";

/** Enough for the longest run of a test; made beforehand, so that the run is spent on writing. */
const POOL = 4_000;

export class StoreHarness {
  readonly cases = acceptance.map(({ name }) => name);
  #store: Store | undefined;
  #written = 0;

  /** @returns why the case failed, `null` when it passed */
  async runCase(name: string): Promise<string | null> {
    const stores: Store[] = [];
    try {
      const found = acceptance.find((entry) => entry.name === name);
      if (found === undefined) throw new Error("there is no such case");
      await found.run(async () => {
        const store = await this.#openNamed(`case-${name}-${stores.length}`);
        stores.push(store);
        return store;
      });
      return null;
    } catch (fault) {
      return fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
    } finally {
      for (const store of stores) await store.destroy();
    }
  }

  async open(): Promise<void> {
    this.#store = await this.#openNamed("shared");
  }

  /** Commits one small batch after the other until the page ends; `written` is how many envelopes were acknowledged. */
  async writeForever(): Promise<void> {
    const made = envelopes(POOL, (id) => ({ author: id % 9, scopes: ["g:here"], length: 200 }));
    for (let at = 0; at < POOL; at += 2) {
      await this.#opened.commit(
        { envelopes: made.slice(at, at + 2), settings: { last: at } },
        { durability: "strict" },
      );
      this.#written = at + 2;
    }
  }

  get written(): number {
    return this.#written;
  }

  /** What is held of the first `count` envelopes of the pool, read back and compared. */
  async heldOf(count: number): Promise<{ rows: number; intact: number; last: unknown; damaged: number }> {
    const store = this.#opened;
    const made = envelopes(count, (id) => ({ author: id % 9, scopes: ["g:here"], length: 200 }));
    const read = await store.envelopes.bytes(made.map(({ hash }) => hash));
    return {
      rows: store.envelopes.count({ kind: "all" }),
      intact: made.filter(({ bytes }, at) => read[at] !== undefined && toHex(read[at]) === toHex(bytes)).length,
      last: await store.setting("last"),
      damaged: (await store.damaged()).length,
    };
  }

  /** Writes an object of `size` bytes. @returns the code of the failure, `null` when it worked */
  async writeObject(number: number, size: number, holding: Holding = "own"): Promise<string | null> {
    const hash = bytes32("object", number);
    const bytes = crypto.getRandomValues(new Uint8Array(65_536));
    const large = new Uint8Array(size);
    for (let at = 0; at < size; at += bytes.length) large.set(bytes.subarray(0, size - at), at);
    try {
      await this.#opened.commit({
        objects: [{ hash, type: 2, bytes: large, holding, storedAt: number }],
        settings: { [`object-${number}`]: size },
      });
      return null;
    } catch (fault) {
      if (fault instanceof StoreError) return fault.code;
      throw fault;
    }
  }

  async holdsObject(number: number): Promise<[object: boolean, setting: unknown]> {
    return [
      await this.#opened.hasObject(bytes32("object", number)),
      (await this.#opened.setting(`object-${number}`)) ?? null,
    ];
  }

  async destroy(): Promise<void> {
    await this.#opened.destroy();
  }

  /** Why the store ended; waits until it does. */
  closed(): Promise<string> {
    return this.#opened.closed;
  }

  get #opened(): Store {
    if (this.#store === undefined) throw new Error("no store is open");
    return this.#store;
  }

  #openNamed(name: string): Promise<Store> {
    return openIdbStore({
      name,
      now: () => Date.now(),
      randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
    });
  }
}

window.storeHarness = new StoreHarness();
