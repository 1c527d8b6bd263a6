/** Stores over an IndexedDB that lives and dies with the test, with a clock and timers that the test moves. */
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { openIdbStore, type IdbStoreOptions, type Store } from "../../src/store/index.ts";
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

  /** Direct access to the database, as another program would have it. */
  async raw<T>(work: (database: IDBDatabase) => Promise<T> | T, version?: number): Promise<T> {
    const request = this.factory.open("mehr", version);
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      request.addEventListener("success", () => resolve(request.result));
      request.addEventListener("error", () => reject(request.error));
    });
    try {
      return await work(database);
    } finally {
      database.close();
    }
  }

  /** One request on one object store, in a transaction of its own. */
  request<T>(store: string, make: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    return this.raw(
      (database) =>
        new Promise<T>((resolve, reject) => {
          const transaction = database.transaction(store, "readwrite");
          const request = make(transaction.objectStore(store));
          transaction.addEventListener("complete", () => resolve(request.result));
          transaction.addEventListener("abort", () => reject(transaction.error));
        }),
    );
  }

  async close(): Promise<void> {
    for (const store of this.#stores) await store.close();
    this.#stores = [];
  }
}
