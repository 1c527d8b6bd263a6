import type { StoreKey, StoreValue } from "idb";
import { StoreError } from "../errors.ts";
import { type Connection, storeErrorOf } from "./connection.ts";
import { type Checked, intact, RecordFault, shapeOf } from "./checked.ts";
import type { Damages, Found } from "./damages.ts";
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

  /** In the order of the keys, in one transaction: a hundred by themselves take as many times as long. @throws StoreError */
  async several<Name extends CheckedStore>(
    name: Name,
    keys: readonly KeyOf<Name>[],
  ): Promise<(ValueOf<Name> | undefined)[]> {
    if (keys.length === 0) return [];
    let records: readonly unknown[];
    try {
      records = await this.#connection.read([name], (reading) => {
        const store = reading.objectStore(name);
        return Promise.all(keys.map((key) => store.get(key)));
      });
    } catch (cause) {
      const error = storeErrorOf(cause);
      if (error.code !== "STORE_FAILED") throw error;
      // One value that the browser cannot read fails the whole transaction: each by itself, then.
      return await Promise.all(keys.map((key) => this.get(name, key)));
    }
    return await Promise.all(
      records.map(async (record, at) =>
        record === undefined ? undefined : await this.#sound(name, keys[at]!, record),
      ),
    );
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
      const value = records === null ? await this.get(name, key) : await this.#sound(name, key, record);
      if (value !== undefined) found.push({ key, value });
    }
    return found;
  }

  /** Moves aside what cannot be read. @returns what stood there when it was to be moved @throws StoreError */
  async lost<Name extends CheckedStore>(
    name: Name,
    key: KeyOf<Name>,
    fault: RecordFault,
    seen: unknown,
  ): Promise<Found> {
    // Another value may have been written meanwhile: that one is not concerned.
    const before = checksumIn(seen);
    const still = (now: unknown): boolean => checksumIn(now) === before;
    return await this.#damages.moveAside({ store: name, key: key, reason: fault.message, still });
  }

  async #examined<Name extends CheckedStore, Value>(
    name: Name,
    key: KeyOf<Name>,
    look: (record: never) => Value,
    isLastAttempt = false,
  ): Promise<Value | undefined> {
    let record: unknown;
    let fault: RecordFault;
    try {
      record = await this.#connection.read([name], (reading) => reading.objectStore(name).get(key));
      return record === undefined ? undefined : look(record as never);
    } catch (cause) {
      fault = recordFaultOf(cause);
    }
    if ((await this.lost(name, key, fault, record)) !== "other") return undefined;
    // The browser failed, not the record, or it was written anew meanwhile. It must not count as missing: something
    // else would be put in its place, and what may be an identity would be gone.
    if (isLastAttempt) throw new StoreError("STORE_FAILED", fault.message, { cause: fault });
    return await this.#examined(name, key, look, true);
  }

  async #sound<Name extends CheckedStore>(
    name: Name,
    key: KeyOf<Name>,
    record: unknown,
  ): Promise<ValueOf<Name> | undefined> {
    try {
      return intact(record as Checked<ValueOf<Name>>);
    } catch (fault) {
      if (!(fault instanceof RecordFault)) throw fault;
      return await this.get(name, key);
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

/** Of a record that is none, or that the browser cannot read. @throws StoreError of every other kind */
export function recordFaultOf(cause: unknown): RecordFault {
  if (cause instanceof RecordFault) return cause;
  const error = storeErrorOf(cause);
  if (error.code !== "STORE_FAILED") throw error;
  return new RecordFault(error.message, { cause: error });
}

function checksumIn(record: unknown): unknown {
  return typeof record === "object" && record !== null && "checksum" in record ? record.checksum : undefined;
}
