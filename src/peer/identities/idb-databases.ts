import { databaseNames, deleteDatabase, openIdbStore, type Store, type StoreError } from "../../store/index.ts";
import type { Databases } from "./ports.ts";

export interface IdbDatabasesOptions {
  readonly now: () => number;
  readonly randomBytes: (length: number) => Uint8Array;
  readonly onFault: (fault: StoreError) => void;
  /** A store is open from now on. */
  readonly onOpened: (store: Store) => void;
  /** Default: the global one. */
  readonly indexedDB?: IDBFactory;
}

/** The stores of this origin in IndexedDB. */
export function idbDatabases({ onOpened, ...options }: IdbDatabasesOptions): Databases {
  return {
    names: () => databaseNames(options.indexedDB),
    async open(name) {
      const store = await openIdbStore({ ...options, name });
      onOpened(store);
      return store;
    },
    remove: (name) => deleteDatabase(name, options.indexedDB),
  };
}
