/** The files of one version of the app, cached as a whole, and what a request is answered with. */
import { VersionMarks } from "./version-marks.ts";

/**
 * One file, as the build lists them. `revision` is null where the name of the file changes with its content; that of the page is
 * the build that it names in its head (vite.config.ts).
 */
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
  readonly #marks: VersionMarks;
  #name: Promise<string> | null = null;
  #served: Promise<string> | null = null;

  constructor(options: ShellOptions) {
    this.#options = options;
    this.#files = new Map(options.entries.map((entry) => [this.#url(entry.url), entry]));
    this.#index = this.#url("index.html");
    this.#config = this.#url("config.json");
    this.#marks = new VersionMarks(options.caches, this.#prefix("state"), options.scope);
  }

  /** The build of this version's page. */
  get build(): string | null {
    return this.#files.get(this.#index)?.revision ?? null;
  }

  /**
   * Fetches every file of this version. Rejects, and leaves no cache, unless all of them arrive, and the page is of this version. A browser that ends in the
   * midst of it leaves a cache without the page, which is written last: such a one is no version ({@link Shell.#versions}).
   */
  async install(): Promise<void> {
    const { caches } = this.#options;
    const name = await this.#cacheName();
    const earlier = (await this.#versions()).filter((other) => other !== name);
    try {
      const cache = await caches.open(name);
      const take = async ([url, entry]: [string, ShellEntry]): Promise<void> => {
        const kept = entry.revision === null ? await this.#matchIn(earlier, url) : undefined;
        await cache.put(url, kept ?? (await this.#download(url, entry)));
      };
      const files = [...this.#files].filter(([url]) => url !== this.#index);
      const work = async (): Promise<void> => {
        for (let file = files.pop(); file !== undefined; file = files.pop()) await take(file);
      };
      await Promise.all(Array.from({ length: PARALLEL_DOWNLOADS }, work));
      const page = this.#files.get(this.#index);
      if (page !== undefined) await cache.put(this.#index, await this.#downloadPage(page));
      // The first page asked for it before there was a service worker to remember the answer.
      await this.#siteConfig();
    } catch (error) {
      await caches.delete(name);
      throw error;
    }
  }

  /**
   * Forgets old versions but one: pages of the version before this one are open until they reload, and what they still
   * load by need comes from the cache that they began with. One that has started stays in any case, to go back to.
   * @returns Whether this is the first version here, so that open pages can have been loaded from no other one.
   */
  async activate(): Promise<boolean> {
    const { caches } = this.#options;
    const name = await this.#cacheName();
    const versions = await this.#versions();
    const others = versions.filter((other) => other !== name);
    const last = others.at(-1);
    const started = await this.#lastStarted(others);
    // It has stepped aside when it was here before: the host has gone back to it.
    if (versions.indexOf(await this.#servedName()) > versions.indexOf(name)) await this.#serve(name);
    for (const old of await this.#shellNames()) {
      if (old === name || old === last || old === started) continue;
      await caches.delete(old);
      await this.#marks.forget(old);
    }
    return last === undefined;
  }

  /** A page of this build has started. Marks this version, unless the page is of another one. */
  async started(build: string): Promise<void> {
    const name = await this.#cacheName();
    const index = await this.#matchIn([name], this.#index);
    if (index === undefined || buildOf(await index.text()) !== build) return;
    await this.#marks.started(name);
  }

  /**
   * From now on the version before this one is served, until another one is installed: a way out of a version that does not
   * work. For one that has stepped aside that is itself. @returns false when there is none
   */
  async goBack(): Promise<boolean> {
    const name = await this.#cacheName();
    const versions = await this.#versions();
    const served = await this.#servedName();
    const aside = versions.indexOf(served) > versions.indexOf(name);
    const before = aside ? versions.slice(0, versions.indexOf(served)) : versions.filter((other) => other !== name);
    const target = (await this.#lastStarted(before)) ?? before.at(-1);
    if (target === undefined) return false;
    // The browser may let the other one in at any time: that one is to know of it.
    if (aside) await this.#marks.instead(served, target);
    await this.#serve(target);
    return true;
  }

  /** The person has said that this version is to be used: if it was gone back from, that is over. */
  async chosen(): Promise<void> {
    const name = await this.#cacheName();
    if ((await this.#servedName()) !== name) await this.#serve(name);
  }

  /**
   * From now on the newest version is served, although this one is still the active one: a browser may keep the newer one
   * waiting for minutes after the person's word (src/rpc/update.ts). @returns false when there is no newer one
   */
  async stepAside(): Promise<boolean> {
    const newest = (await this.#versions()).at(-1);
    if (newest === undefined || newest === (await this.#cacheName())) return false;
    await this.#serve(newest);
    return true;
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
    const cached = await this.#matchIn([await this.#servedName()], own ? file : this.#index);
    return cached ?? this.#options.fetch(request);
  }

  async #asset(file: string, request: Request): Promise<Response> {
    const name = await this.#servedName();
    const cached = (await this.#matchIn([name], file)) ?? (await this.#matchOther(name, file));
    return cached ?? this.#options.fetch(request);
  }

  /** What a page of another version still loads: a name with a hash in it means the same bytes in every version. */
  async #matchOther(name: string, file: string): Promise<Response | undefined> {
    if (!file.startsWith(this.#url("assets/"))) return undefined;
    const others = (await this.#versions()).filter((other) => other !== name);
    return await this.#matchIn(others.toReversed(), file);
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

  /**
   * A host may answer with a page of before or after this service worker, out of a cache or amid an upload; that one names
   * scripts which are not in the list. The browser tries to install again when it looks for a new version next.
   */
  async #downloadPage(entry: ShellEntry): Promise<Response> {
    const response = await this.#download(this.#index, entry);
    const build = buildOf(await response.clone().text());
    if (build !== entry.revision) throw new Error(`${this.#index}: of build ${build}, not ${entry.revision}`);
    return response;
  }

  async #matchIn(names: readonly string[], url: string): Promise<Response | undefined> {
    for (const cacheName of names) {
      const found = await this.#options.caches.match(url, { cacheName });
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async #serve(version: string): Promise<void> {
    await this.#marks.instead(await this.#cacheName(), version);
    this.#served = null;
  }

  /** This version, or the one that is served in its place. Asked for once: it changes with {@link Shell.#serve} only. */
  #servedName(): Promise<string> {
    this.#served ??= (async () => {
      const name = await this.#cacheName();
      const instead = await this.#marks.insteadOf(name);
      return instead !== null && (await this.#versions()).includes(instead) ? instead : name;
    })();
    return this.#served;
  }

  async #lastStarted(names: readonly string[]): Promise<string | undefined> {
    for (const name of names.toReversed()) if (await this.#marks.hasStarted(name)) return name;
    return undefined;
  }

  /** Whole versions, in the order in which they were made. */
  async #versions(): Promise<string[]> {
    const whole: string[] = [];
    for (const name of await this.#shellNames()) {
      if ((await this.#matchIn([name], this.#index)) !== undefined) whole.push(name);
    }
    return whole;
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
  #prefix(kind: "shell" | "config" | "state"): string {
    return `mehr ${kind} ${this.#options.scope.pathname} `;
  }

  #url(relative: string): string {
    return new URL(relative, this.#options.scope).href;
  }
}

/** The build that a page names in its head (vite.config.ts writes it there). */
export function buildOf(page: string): string | null {
  return /<meta name="mehr-build" content="([0-9a-f]+)"/.exec(page)?.[1] ?? null;
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest).subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
