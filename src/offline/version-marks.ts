/**
 * What is remembered of the cached versions: which have started once, and which is served in place of another. Kept as empty
 * answers in a cache of its own, the one storage that a service worker has without opening the peer's database.
 */
export class VersionMarks {
  readonly #caches: CacheStorage;
  readonly #name: string;
  readonly #scope: URL;

  /** @param name of the cache that holds the marks */
  constructor(caches: CacheStorage, name: string, scope: URL) {
    this.#caches = caches;
    this.#name = name;
    this.#scope = scope;
  }

  async started(version: string): Promise<void> {
    const cache = await this.#caches.open(this.#name);
    await cache.put(this.#key("started", version), new Response(""));
  }

  async hasStarted(version: string): Promise<boolean> {
    return (await this.#read("started", version)) !== null;
  }

  /** `other` is served in place of `version`. */
  async instead(version: string, other: string): Promise<void> {
    const cache = await this.#caches.open(this.#name);
    await cache.put(this.#key("instead", version), new Response(other));
  }

  async insteadOf(version: string): Promise<string | null> {
    return await this.#read("instead", version);
  }

  async forget(version: string): Promise<void> {
    if (!(await this.#caches.has(this.#name))) return;
    const cache = await this.#caches.open(this.#name);
    await cache.delete(this.#key("started", version));
    await cache.delete(this.#key("instead", version));
  }

  async #read(mark: "started" | "instead", version: string): Promise<string | null> {
    const found = await this.#caches.match(this.#key(mark, version), { cacheName: this.#name });
    return found === undefined ? null : await found.text();
  }

  /** An address that no request of the app has. */
  #key(mark: "started" | "instead", version: string): string {
    const url = new URL(this.#scope);
    url.search = new URLSearchParams({ [mark]: version }).toString();
    return url.href;
  }
}
