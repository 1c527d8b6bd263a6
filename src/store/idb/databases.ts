import { wrap } from "idb";
import { storeErrorOf } from "./connection.ts";

/** Names of the databases of this origin; empty where the browser does not tell (Firefox before 126). */
export async function databaseNames(factory: IDBFactory = indexedDB): Promise<string[]> {
  if (!("databases" in factory)) return [];
  return (await factory.databases()).flatMap(({ name }) => (name === undefined ? [] : [name]));
}

/**
 * Deletes a database, if it is there. Stores that have it open let go of it by themselves.
 * @throws StoreError `STORE_FAILED`
 */
export async function deleteDatabase(name: string, factory: IDBFactory = indexedDB): Promise<void> {
  try {
    await wrap(factory.deleteDatabase(name));
  } catch (cause) {
    throw storeErrorOf(cause);
  }
}
