import type { StoreKey, StoreValue } from "idb";
import { type Connection, storeErrorOf } from "./connection.ts";
import { type Checked, intact, RecordFault, shapeOf } from "./checked.ts";
import type { Damages } from "./damages.ts";
import type { StoreName, StoreSchema } from "./schema.ts";

/** The stores whose records are `Checked`. Objects are as well, but their checksum covers a file. */
export type CheckedStore = {
  [Name in StoreName]: StoreValue<StoreSchema, Name> extends Checked<unknown> ? Name : never;
}[StoreName];

type ValueOf<Name extends CheckedStore> = StoreValue<StoreSchema, Name> extends Checked<infer Value> ? Value : never;
type KeyOf<Name extends CheckedStore> = StoreKey<StoreSchema, Name>;

/**
 * Reads records, and looks at what it reads: one that is not what was written, or that the browser cannot read at all,
 * is moved aside and counts as missing from then on. The others are not concerned.
 */
export class CheckedRecords {
  readonly #connection: Connection;
  readonly #damages: Damages;

  constructor(connection: Connection, damages: Damages) {
    this.#connection = connection;
    this.#damages = damages;
  }

  /** @throws StoreError */
  async get<Name extends CheckedStore>(name: Name, key: KeyOf<Name>): Promise<ValueOf<Name> | undefined> {
    return await this.#examined(name, key, intact<ValueOf<Name>>);
  }

  /** Without a look at the checksum: for objects, whose bytes may be in a file. @throws StoreError */
  async peek<Name extends CheckedStore>(name: Name, key: KeyOf<Name>): Promise<ValueOf<Name> | undefined> {
    return await this.#examined(name, key, (record) => shapeOf<ValueOf<Name>>(record).value);
  }

  /** Those of the range, or all, in the order of their keys. @throws StoreError */
  async all<Name extends CheckedStore>(
    name: Name,
    range?: IDBKeyRange,
  ): Promise<{ readonly key: KeyOf<Name>; readonly value: ValueOf<Name> }[]> {
    const { keys, records } = await this.#all(name, range);
    const found: { key: KeyOf<Name>; value: ValueOf<Name> }[] = [];
    for (const [index, key] of keys.entries()) {
      const record = records?.[index];
      const value = records === null ? await this.get(name, key) : await this.#sound(name, key, record, intact);
      if (value !== undefined) found.push({ key, value: value as ValueOf<Name> });
    }
    return found;
  }

  /** Moves aside what cannot be read. @throws StoreError */
  async lost<Name extends CheckedStore>(
    name: Name,
    key: KeyOf<Name>,
    fault: RecordFault,
    seen: unknown,
  ): Promise<void> {
    // Another value may have been written meanwhile: that one is not concerned.
    const before = checksumIn(seen);
    const still = (now: unknown): boolean => checksumIn(now) === before;
    await this.#damages.moveAside({ store: name, key: key, reason: fault.message, still });
  }

  async #examined<Name extends CheckedStore, Value>(
    name: Name,
    key: KeyOf<Name>,
    look: (record: never) => Value,
  ): Promise<Value | undefined> {
    let record: unknown;
    try {
      record = await this.#connection.read([name], (reading) => reading.objectStore(name).get(key));
    } catch (cause) {
      const error = storeErrorOf(cause);
      if (error.code !== "STORE_FAILED") throw error;
      await this.lost(name, key, new RecordFault(error.message), undefined);
      return undefined;
    }
    return await this.#sound(name, key, record, look);
  }

  async #sound<Name extends CheckedStore, Value>(
    name: Name,
    key: KeyOf<Name>,
    record: unknown,
    look: (record: never) => Value,
  ): Promise<Value | undefined> {
    if (record === undefined) return undefined;
    try {
      return look(record as never);
    } catch (fault) {
      if (!(fault instanceof RecordFault)) throw fault;
      await this.lost(name, key, fault, record);
      return undefined;
    }
  }

  async #all<Name extends CheckedStore>(
    name: Name,
    range: IDBKeyRange | undefined,
  ): Promise<{ keys: KeyOf<Name>[]; records: unknown[] | null }> {
    try {
      return await this.#connection.read([name], async (reading) => {
        const store = reading.objectStore(name);
        const [keys, records] = await Promise.all([store.getAllKeys(range), store.getAll(range)]);
        return { keys, records };
      });
    } catch (cause) {
      const error = storeErrorOf(cause);
      if (error.code !== "STORE_FAILED") throw error;
      // One value that the browser cannot read fails the whole transaction: each by itself, then.
      const keys = await this.#connection.read([name], (reading) => reading.objectStore(name).getAllKeys(range));
      return { keys, records: null };
    }
  }
}

function checksumIn(record: unknown): unknown {
  return typeof record === "object" && record !== null && "checksum" in record ? record.checksum : undefined;
}
