import { SHARE_LIMITS, ShareError, type Share, type SharedParts } from "./share.ts";

export interface ShareBoxOptions {
  /** Where the app lies; with a slash at its end. */
  readonly scope: URL;
  readonly caches: CacheStorage;
}

/**
 * Shares that wait to become drafts. The service worker puts them in before it answers, the page takes them out once a draft
 * holds what they held, so a share survives a page that never opens. They lie in a cache of their own, which neither an
 * update nor the way out (public/reset.js) empties.
 */
export class ShareBox {
  readonly #options: ShareBoxOptions;
  readonly #name: string;

  constructor(options: ShareBoxOptions) {
    this.#options = options;
    this.#name = `mehr shares ${options.scope.pathname} `;
  }

  /**
   * Durable when it resolves.
   * @throws ShareError `full` when too many wait, `no-room` when the browser gives no more space
   */
  async put(parts: SharedParts): Promise<Share> {
    const share: Share = { id: crypto.randomUUID(), ...parts };
    const cache = await this.#options.caches.open(this.#name);
    if ((await cache.keys()).length >= SHARE_LIMITS.waiting) throw new ShareError("full", "too many shares wait");
    try {
      await cache.put(this.#key(share.id), new Response(JSON.stringify(share)));
    } catch (error) {
      throw new ShareError("no-room", error instanceof Error ? error.message : "not stored");
    }
    return share;
  }

  /** `null` when it was taken out already, or never was there. */
  async read(id: string): Promise<Share | null> {
    const found = await this.#options.caches.match(this.#key(id), { cacheName: this.#name });
    return found === undefined ? null : ((await found.json()) as Share);
  }

  /** Shares that wait, the oldest first. */
  async list(): Promise<readonly string[]> {
    if (!(await this.#options.caches.has(this.#name))) return [];
    const keys = await (await this.#options.caches.open(this.#name)).keys();
    return keys.map(({ url }) => new URL(url).searchParams.get("share") ?? "");
  }

  async remove(id: string): Promise<void> {
    const cache = await this.#options.caches.open(this.#name);
    await cache.delete(this.#key(id));
  }

  #key(id: string): string {
    const url = new URL(this.#options.scope);
    url.search = new URLSearchParams({ share: id }).toString();
    return url.href;
  }
}
