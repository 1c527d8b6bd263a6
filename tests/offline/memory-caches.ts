/** Cache Storage in memory: what src/offline uses of it, in the order in which things were made. */
export class MemoryCaches implements CacheStorage {
  readonly stores = new Map<string, MemoryCache>();
  /** Bytes that may still be written; the next write over it is refused as a browser refuses it. */
  room = Number.POSITIVE_INFINITY;

  async open(name: string): Promise<Cache> {
    const known = this.stores.get(name) ?? new MemoryCache(this);
    this.stores.set(name, known);
    return known;
  }

  async has(name: string): Promise<boolean> {
    return this.stores.has(name);
  }

  async delete(name: string): Promise<boolean> {
    return this.stores.delete(name);
  }

  async keys(): Promise<string[]> {
    return [...this.stores.keys()];
  }

  async match(request: RequestInfo | URL, options?: MultiCacheQueryOptions): Promise<Response | undefined> {
    if (options?.cacheName !== undefined) return await this.stores.get(options.cacheName)?.match(request);
    for (const store of this.stores.values()) {
      const found = await store.match(request);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

class MemoryCache implements Cache {
  readonly #caches: MemoryCaches;
  readonly #entries = new Map<string, Response>();

  constructor(caches: MemoryCaches) {
    this.#caches = caches;
  }

  async match(request: RequestInfo | URL): Promise<Response | undefined> {
    return this.#entries.get(urlOf(request))?.clone();
  }

  async put(request: RequestInfo | URL, response: Response): Promise<void> {
    const { byteLength } = await response.clone().arrayBuffer();
    if (byteLength > this.#caches.room) throw new DOMException("Quota exceeded.", "QuotaExceededError");
    this.#caches.room -= byteLength;
    this.#entries.set(urlOf(request), response);
  }

  async delete(request: RequestInfo | URL): Promise<boolean> {
    return this.#entries.delete(urlOf(request));
  }

  async keys(): Promise<Request[]> {
    return [...this.#entries.keys()].map((url) => new Request(url));
  }

  add(): Promise<void> {
    throw new Error("not used");
  }

  addAll(): Promise<void> {
    throw new Error("not used");
  }

  matchAll(): Promise<Response[]> {
    throw new Error("not used");
  }
}

function urlOf(request: RequestInfo | URL): string {
  return request instanceof Request ? request.url : request.toString();
}
