/** Stores over an IndexedDB that lives and dies with the test, with a clock and timers that the test moves. */
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { openIdbStore, type IdbStoreOptions, type Store } from "../../src/store/index.ts";
import { copyOfDatabase, resultOf } from "./fixtures/copy.ts";
import { seededBytes } from "./envelopes.ts";

/** Seeds fixtures apart. */
let made = 0;

export class IdbFixture {
  readonly factory = new IDBFactory();
  readonly faults: unknown[] = [];
  readonly #scheduled = new Set<{ task: () => void; delay: number }>();
  readonly #randomBytes = seededBytes(++made);
  #stores: Store[] = [];

  async open(options: Partial<IdbStoreOptions> = {}): Promise<Store> {
    const store = await openIdbStore({
      name: "mehr",
      now: () => 1_700_000_000_000,
      randomBytes: this.#randomBytes,
      indexedDB: this.factory,
      patience: 0,
      reservePieceBytes: 64,
      roomPauses: [],
      schedule: (task, delay) => {
        const entry = { task, delay };
        this.#scheduled.add(entry);
        return () => this.#scheduled.delete(entry);
      },
      onFault: (fault) => this.faults.push(fault),
      ...options,
    });
    this.#stores.push(store);
    return store;
  }

  /** Runs what is scheduled now, as if its time had come. */
  elapse(): void {
    const due = [...this.#scheduled];
    this.#scheduled.clear();
    for (const { task } of due) task();
  }

  /** What the disk would show if the power failed now: another fixture, in which nothing of this session runs. */
  async crashed(): Promise<IdbFixture> {
    const after = new IdbFixture();
    await copyOfDatabase(this.factory, after.factory, "mehr");
    return after;
  }

  /** One request on one object store in a transaction of its own, as another program would make it. */
  async request<T>(store: string, make: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    const database = await resultOf(this.factory.open("mehr"));
    const result = await resultOf(make(database.transaction(store, "readwrite").objectStore(store)));
    database.close();
    return result;
  }

  async close(): Promise<void> {
    for (const store of this.#stores) await store.close();
    this.#stores = [];
  }
}
