/** A browser whose disk is small: what does not fit fails its transaction when it is to be made durable, as in Chromium. */
import { IDBObjectStore } from "fake-indexeddb";
import { vi } from "vitest";

/** What is put into these costs nothing here: a browser has room for the name of what it deletes. */
interface Sized {
  readonly name: string;
  readonly transaction: unknown;
}

/**
 * Counts every value of every store as its bytes; a transaction that ends with more than `quota` is aborted. Deleting
 * always works.
 */
export class SimulatedQuota {
  quota: number;
  /** By the object store's name and key. */
  readonly #sizes = new Map<string, number>();
  /** What transactions under way have put, by transaction. */
  readonly #pending = new Map<object, Map<string, number>>();

  constructor(quota: number) {
    this.quota = quota;
  }

  get used(): number {
    return sum(this.#sizes.values());
  }

  /** Bytes of one store. */
  usedBy(store: string): number {
    return sum([...this.#sizes].filter(([name]) => name.startsWith(`${store} `)).map(([, size]) => size));
  }

  /** Runs what is no work of the browser's, such as looking at the disk after a crash, and counts what is there then. */
  async anew<T>(work: () => Promise<T>): Promise<T> {
    const { quota } = this;
    this.quota = Infinity;
    this.#sizes.clear();
    const result = await work();
    this.quota = quota;
    return result;
  }

  install(): void {
    // eslint-disable-next-line @typescript-eslint/no-this-alias
    const quota = this;
    for (const method of ["put", "add"] as const) {
      const original = IDBObjectStore.prototype[method];
      vi.spyOn(IDBObjectStore.prototype, method).mockImplementation(function (this: IDBObjectStore, value, key) {
        const request = original.call(this, value, key);
        request.addEventListener("success", () => quota.#put(this, request.result, bytesOf(value)));
        return request;
      });
    }
    const remove = IDBObjectStore.prototype.delete;
    vi.spyOn(IDBObjectStore.prototype, "delete").mockImplementation(function (this: IDBObjectStore, query) {
      const request = remove.call(this, query);
      request.addEventListener("success", () => quota.#delete(this, query));
      return request;
    });
  }

  #changesOf(store: Sized): Map<string, number> {
    const transaction = store.transaction as EventTarget;
    const known = this.#pending.get(transaction);
    if (known !== undefined) return known;
    const changes = new Map<string, number>();
    this.#pending.set(transaction, changes);
    transaction.addEventListener("complete", () => {
      for (const [name, size] of changes) {
        if (size === 0) this.#sizes.delete(name);
        else this.#sizes.set(name, size);
      }
      this.#pending.delete(transaction);
    });
    transaction.addEventListener("abort", () => this.#pending.delete(transaction));
    return changes;
  }

  #put(store: Sized, key: IDBValidKey, size: number): void {
    const changes = this.#changesOf(store);
    changes.set(nameOf(store.name, key), size);
    const after = new Map([...this.#sizes, ...changes]);
    if (sum(after.values()) > this.quota) {
      (store.transaction as { _abort(name: string): void })._abort("QuotaExceededError");
    }
  }

  #delete(store: Sized, query: IDBValidKey | IDBKeyRange): void {
    const changes = this.#changesOf(store);
    if (!(query instanceof IDBKeyRange)) {
      changes.set(nameOf(store.name, query), 0);
      return;
    }
    for (const name of new Set([...this.#sizes.keys(), ...changes.keys()])) {
      if (name.startsWith(`${store.name} `) && isWithin(query, name.slice(store.name.length + 1))) changes.set(name, 0);
    }
  }
}

function nameOf(store: string, key: IDBValidKey): string {
  return `${store} ${printed(key)}`;
}

function printed(key: unknown): string {
  if (Array.isArray(key)) return key.map(printed).join("/");
  if (key instanceof ArrayBuffer) return [...new Uint8Array(key)].join();
  if (ArrayBuffer.isView(key)) return [...new Uint8Array(key.buffer, key.byteOffset, key.byteLength)].join();
  return String(key);
}

/** Ranges of this store are those of the chunks of one blob, and of the arrays of a snapshot. */
function isWithin(range: IDBKeyRange, name: string): boolean {
  const { lower, upper } = range as { lower: unknown; upper: unknown };
  if (Array.isArray(lower)) return name.startsWith(`${printed(lower[0])}/`);
  const number = Number(name);
  return Number.isFinite(number) && number >= (lower as number) && number <= (upper as number);
}

function bytesOf(value: unknown): number {
  if (value instanceof Blob) return value.size;
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 8;
  return sum(Object.values(value).map(bytesOf));
}

function sum(sizes: Iterable<number>): number {
  let total = 0;
  for (const size of sizes) total += size;
  return total;
}
