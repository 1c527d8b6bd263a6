/** A browser that fails to read what is there, as Chromium does with an UnknownError when a file is locked for a moment. */
import { IDBObjectStore } from "fake-indexeddb";
import { vi } from "vitest";

interface Requests {
  _execRequestAsync(request: { operation: () => never; source: IDBObjectStore }): IDBRequest;
}

/** Fails those requests of one store that `isFailing` says yes to, counted from 0. Until mocks are restored. */
export function failReads(store: string, isFailing: (read: number) => boolean, method: "get" | "getAll" = "get"): void {
  // Both take a key, or here no argument at all; their types differ in what is not used here.
  const name = method as "get";
  const original = IDBObjectStore.prototype[name];
  let reads = 0;
  vi.spyOn(IDBObjectStore.prototype, name).mockImplementation(function (this: IDBObjectStore, query) {
    if (this.name !== store || !isFailing(reads++)) return original.call(this, query);
    return (this.transaction as unknown as Requests)._execRequestAsync({
      operation: () => {
        throw new DOMException("Internal error.", "UnknownError");
      },
      source: this,
    });
  });
}
