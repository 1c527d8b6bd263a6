/** The files of one version of the app, cached as a whole, and what a request is answered with. */

/** One file, as the build lists them. `revision` is null where the name of the file changes with its content. */
export interface ShellEntry {
  /** Relative to the scope. */
  readonly url: string;
  readonly revision: string | null;
}

export interface ShellOptions {
  readonly entries: readonly ShellEntry[];
  /** Where the service worker serves; with a slash at its end. */
  readonly scope: URL;
  readonly caches: CacheStorage;
  readonly fetch: (request: Request) => Promise<Response>;
}

/** The app is on screen meanwhile, so this only delays the relays; on a bad line the last known answer is good enough. */
const CONFIG_TIMEOUT = 3_000;

/** Downloads at once while a version is installed: what browsers open to one HTTP/1.1 server. */
const PARALLEL_DOWNLOADS = 6;

export class Shell {
  readonly #options: ShellOptions;
  readonly #files: ReadonlyMap<string, ShellEntry>;
  readonly #index: string;
  readonly #config: string;
  #name: Promise<string> | null = null;

  constructor(options: ShellOptions) {
    this.#options = options;
    this.#files = new Map(options.entries.map((entry) => [this.#url(entry.url), entry]));
    this.#index = this.#url("index.html");
    this.#config = this.#url("config.json");
  }

  /** Fetches every file of this version. Rejects, and leaves no cache, unless all of them arrive. */
  async install(): Promise<void> {
    const { caches } = this.#options;
    const name = await this.#cacheName();
    const earlier = (await this.#shellNames()).filter((other) => other !== name);
    const cache = await caches.open(name);
    try {
      const files = [...this.#files];
      const work = async (): Promise<void> => {
        for (let file = files.pop(); file !== undefined; file = files.pop()) {
          const [url, entry] = file;
          const kept = entry.revision === null ? await this.#matchIn(earlier, url) : undefined;
          await cache.put(url, kept ?? (await this.#download(url, entry)));
        }
      };
      await Promise.all(Array.from({ length: PARALLEL_DOWNLOADS }, work));
      // The first page asked for it before there was a service worker to remember the answer.
      await this.#siteConfig();
    } catch (error) {
      await caches.delete(name);
      throw error;
    }
  }

  /**
   * Forgets old versions but one: pages of the version before this one are open until they reload, and what they still
   * load by need comes from the cache that they began with.
   * @returns Whether this is the first version here, so that open pages can have been loaded from no other one.
   */
  async activate(): Promise<boolean> {
    const name = await this.#cacheName();
    // In the order in which they were made.
    const others = (await this.#shellNames()).filter((other) => other !== name);
    for (const old of others.slice(0, -1)) await this.#options.caches.delete(old);
    return others.length === 0;
  }

  /** The answer to a request of a page, or null where the browser shall do what it would do without a service worker. */
  answer(request: Request): Promise<Response> | null {
    const url = new URL(request.url);
    const { scope } = this.#options;
    if (request.method !== "GET" || url.origin !== scope.origin || !url.pathname.startsWith(scope.pathname))
      return null;
    const file = `${url.origin}${url.pathname}`;
    if (file === this.#config) return this.#siteConfig();
    if (request.mode === "navigate") return this.#navigation(file, request);
    return this.#asset(file, request);
  }

  /** Every page of the app is drawn by the same document. */
  async #navigation(file: string, request: Request): Promise<Response> {
    const own = file.startsWith(this.#url("assets/")) || file.startsWith(this.#url("relay/")) || this.#files.has(file);
    const name = await this.#cacheName();
    const cached = await this.#matchIn([name], own ? file : this.#index);
    return cached ?? this.#options.fetch(request);
  }

  async #asset(file: string, request: Request): Promise<Response> {
    const name = await this.#cacheName();
    const cached = (await this.#matchIn([name], file)) ?? (await this.#matchEarlier(name, file));
    return cached ?? this.#options.fetch(request);
  }

  /** What a page of an earlier version still loads: a name with a hash in it means the same bytes in every version. */
  async #matchEarlier(name: string, file: string): Promise<Response | undefined> {
    if (!file.startsWith(this.#url("assets/"))) return undefined;
    const earlier = (await this.#shellNames()).filter((other) => other !== name);
    return await this.#matchIn(earlier.toReversed(), file);
  }

  /** What the site says now, and without a network what it said last. */
  async #siteConfig(): Promise<Response> {
    const cache = await this.#options.caches.open(this.#prefix("config"));
    try {
      const signal = AbortSignal.timeout(CONFIG_TIMEOUT);
      const response = await this.#options.fetch(new Request(this.#config, { cache: "no-cache", signal }));
      if (response.ok) {
        await cache.put(this.#config, response.clone());
        return response;
      }
      return (await cache.match(this.#config)) ?? response;
    } catch {
      // No network, or one that does not answer: the page shows that state itself.
      return (await cache.match(this.#config)) ?? Response.error();
    }
  }

  async #download(url: string, entry: ShellEntry): Promise<Response> {
    const cache = entry.revision === null ? "default" : "no-cache";
    const response = await this.#options.fetch(new Request(url, { cache }));
    if (!response.ok) throw new Error(`${url}: ${response.status}`);
    // Some hosts answer /index.html with a redirect to /, and browsers refuse a redirected answer to a navigation.
    if (!response.redirected) return response;
    return new Response(await response.blob(), { status: response.status, headers: response.headers });
  }

  async #matchIn(names: readonly string[], url: string): Promise<Response | undefined> {
    for (const cacheName of names) {
      const found = await this.#options.caches.match(url, { cacheName });
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async #shellNames(): Promise<string[]> {
    const prefix = this.#prefix("shell");
    return (await this.#options.caches.keys()).filter((name) => name.startsWith(prefix));
  }

  /** One cache for each version: its name is the hash of the list of files. */
  #cacheName(): Promise<string> {
    this.#name ??= sha256(JSON.stringify(this.#options.entries)).then(
      (version) => `${this.#prefix("shell")}${version}`,
    );
    return this.#name;
  }

  /** Caches belong to the origin; two copies of the app may lie under two paths of it. */
  #prefix(kind: "shell" | "config"): string {
    return `mehr ${kind} ${this.#options.scope.pathname} `;
  }

  #url(relative: string): string {
    return new URL(relative, this.#options.scope).href;
  }
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest).subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
