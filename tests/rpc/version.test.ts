import { describe, expect, it } from "vitest";
import {
  judgeVersions,
  ownBuild,
  type VersionChannel,
  type VersionMessage,
  type VersionOptions,
  type VersionVerdict,
  watchVersions,
} from "../../src/rpc/version.ts";

const SITE = "https://mehr.example/below/";

const pageOf = (build: string): string => `<head><meta name="mehr-build" content="${build}"></head>`;

/** One tab of the browser: it remembers over reloads. */
class Tab {
  readonly asked: string[] = [];
  readonly #remembered = new Map<string, string>();
  readonly #host: { serves: string | null };
  build: string;
  loads = 0;

  constructor(build: string, host: { serves: string | null }) {
    this.build = build;
    this.#host = host;
  }

  get options(): VersionOptions {
    return {
      site: SITE,
      fetch: async (url) => {
        this.asked.push(url.href);
        if (this.#host.serves === null) throw new TypeError("Failed to fetch");
        return new Response(pageOf(this.#host.serves));
      },
      load: String(this.loads),
      memory: {
        getItem: (key) => this.#remembered.get(key) ?? null,
        setItem: (key, value) => void this.#remembered.set(key, value),
      },
    };
  }

  meets(theirs: string): Promise<VersionVerdict> {
    return judgeVersions(this.build, theirs, this.options);
  }

  reload(): void {
    this.build = this.#host.serves ?? this.build;
    this.loads += 1;
  }
}

describe("pages of two builds", () => {
  it("go on when they are of one", async () => {
    const here = new Tab("a1", { serves: "b2" });
    expect(await here.meets("a1")).toBe("same");
    expect(here.asked).toEqual([]);
  });

  it("make the older one reload and the newer one wait", async () => {
    const host = { serves: "b2" };
    const older = new Tab("a1", host);
    expect(await older.meets("b2")).toBe("reload");
    expect(await new Tab("b2", host).meets("a1")).toBe("wait");
    expect(older.asked).toEqual([`${SITE}index.html`]);
  });

  it("count the way back as an update", async () => {
    const host = { serves: "a1" };
    expect(await new Tab("b2", host).meets("a1")).toBe("reload");
    expect(await new Tab("a1", host).meets("b2")).toBe("wait");
  });

  it("reload once for a host that answers now so and now so", async () => {
    const here = new Tab("a1", { serves: "b2" });
    expect(await here.meets("c3")).toBe("reload");
    // It waits for a quiet moment, and meets another page meanwhile.
    expect(await here.meets("c3")).toBe("reload");
    here.loads += 1;
    // The reload brought the old build again.
    expect(await here.meets("c3")).toBe("wait");
  });

  it("wait when nobody can say which is current", async () => {
    expect(await new Tab("a1", { serves: null }).meets("b2")).toBe("wait");
    expect(await new Tab("a1", { serves: "%build%" }).meets("b2")).toBe("wait");
  });
});

/** A `BroadcastChannel` whose messages arrive when they are delivered. */
class Air {
  readonly #ends = new Map<VersionChannel, (event: { readonly data: VersionMessage }) => void>();
  readonly #posted: { readonly from: VersionChannel; readonly data: VersionMessage }[] = [];

  channel(): VersionChannel {
    const end: VersionChannel = {
      postMessage: (data) => void this.#posted.push({ from: end, data }),
      addEventListener: (_, listener) => void this.#ends.set(end, listener),
      close: () => void this.#ends.delete(end),
    };
    return end;
  }

  /** Returns how many messages there were. */
  deliver(): number {
    const posted = this.#posted.splice(0);
    for (const { from, data } of posted) {
      for (const [end, listener] of this.#ends) if (end !== from) listener({ data });
    }
    return posted.length;
  }
}

describe("all tabs of a browser", () => {
  it("come to one build in one reload each, whoever was first, and then are silent", async () => {
    const air = new Air();
    const host = { serves: "b2" };
    const tabs = ["a1", "b2", "a1", "a1"].map((build) => new Tab(build, host));
    const open = (tab: Tab): void => {
      const stop = watchVersions(tab.build, air.channel(), tab.options, () => {
        stop();
        tab.reload();
        open(tab);
      });
    };
    for (const tab of tabs) open(tab);
    let said = 0;
    for (let round = 0; round < 20; round += 1) {
      said += air.deliver();
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    expect(tabs.map(({ build, loads }) => [build, loads])).toEqual([
      ["b2", 1],
      ["b2", 0],
      ["b2", 1],
      ["b2", 1],
    ]);
    expect(air.deliver()).toBe(0);
    expect(said).toBeLessThan(30);
  });
});

describe("the build of a page", () => {
  it("is what its document names", () => {
    expect(ownBuild({ querySelector: () => null })).toBe("development");
    const querySelector = (): Partial<HTMLMetaElement> => ({ content: "a1" });
    expect(ownBuild({ querySelector } as Pick<Document, "querySelector">)).toBe("a1");
  });
});
