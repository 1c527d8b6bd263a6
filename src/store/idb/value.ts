import { wrap, type IDBPDatabase } from "idb";
import { storeErrorOf } from "./connection.ts";
import { deleteDatabase } from "./databases.ts";

const STORE = "value";
const KEY = "value";

/** One value in a database of its own, for what must be known before it is known which store to open. */
export interface StoredValue<Value> {
  /** What was saved last, unchecked; `undefined` for nothing. @throws StoreError */
  load(): Promise<unknown>;
  /** Durable when it resolves. @throws StoreError */
  save(value: Value): Promise<void>;
  /** Deletes the database. @throws StoreError */
  destroy(): Promise<void>;
}

/** The database is opened for each use: nothing stands in the way of its deletion by another tab. */
export function idbValue<Value>(name: string, factory: IDBFactory = indexedDB): StoredValue<Value> {
  return {
    load: () => use(name, factory, (database) => database.get(STORE, KEY)),
    save: (value) =>
      use(name, factory, async (database) => {
        const writing = database.transaction(STORE, "readwrite", { durability: "strict" });
        await Promise.all([writing.store.put(value, KEY), writing.done]);
      }),
    destroy: () => deleteDatabase(name, factory),
  };
}

async function use<Result>(
  name: string,
  factory: IDBFactory,
  work: (database: IDBPDatabase) => Promise<Result>,
): Promise<Result> {
  try {
    const request = factory.open(name, 1);
    request.addEventListener("upgradeneeded", () => request.result.createObjectStore(STORE));
    const database = (await wrap(request)) as IDBPDatabase;
    try {
      return await work(database);
    } finally {
      database.close();
    }
  } catch (cause) {
    throw storeErrorOf(cause);
  }
}
