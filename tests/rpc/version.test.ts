import { describe, expect, it } from "vitest";
import { judgeVersions, ownBuild, type VersionVerdict } from "../../src/rpc/version.ts";

const SITE = "https://mehr.example/below/";

const pageOf = (build: string): string => `<head><meta name="mehr-build" content="${build}"></head>`;

/** One tab of the browser: it remembers over reloads. */
function tab(build: string, host: { serves: string | null }) {
  const remembered = new Map<string, string>();
  const asked: string[] = [];
  return {
    build,
    loads: 0,
    asked,
    meets(theirs: string): Promise<VersionVerdict> {
      return judgeVersions(this.build, theirs, {
        site: SITE,
        fetch: async (url) => {
          asked.push(url.href);
          if (host.serves === null) throw new TypeError("Failed to fetch");
          return new Response(pageOf(host.serves));
        },
        load: String(this.loads),
        memory: {
          getItem: (key) => remembered.get(key) ?? null,
          setItem: (key, value) => void remembered.set(key, value),
        },
      });
    },
  };
}

describe("pages of two builds", () => {
  it("go on when they are of one", async () => {
    const here = tab("a1", { serves: "b2" });
    expect(await here.meets("a1")).toBe("same");
    expect(here.asked).toEqual([]);
  });

  it("make the older one reload, whichever of them has the peer", async () => {
    const host = { serves: "b2" };
    const older = tab("a1", host);
    const newer = tab("b2", host);
    expect(await older.meets("b2")).toBe("reload");
    expect(await newer.meets("a1")).toBe("take-over");
    expect(older.asked).toEqual([`${SITE}index.html`]);
  });

  it("count the way back as an update", async () => {
    const host = { serves: "a1" };
    expect(await tab("b2", host).meets("a1")).toBe("reload");
    expect(await tab("a1", host).meets("b2")).toBe("take-over");
  });

  it("settle in one reload, and never send each other back and forth", async () => {
    const host = { serves: "b2" };
    const tabs = [tab("a1", host), tab("b2", host), tab("a1", host)];
    let leader = 0;
    let steps = 0;
    for (let settled = false; !settled;) {
      settled = true;
      for (const [index, here] of tabs.entries()) {
        const verdict = await here.meets(tabs[leader]?.build ?? "");
        if (verdict === "same") continue;
        settled = false;
        steps += 1;
        if (verdict === "reload") {
          here.build = host.serves;
          here.loads += 1;
        }
        if (verdict === "take-over") leader = index;
      }
      expect(steps).toBeLessThan(10);
    }
    expect(tabs.map(({ build }) => build)).toEqual(["b2", "b2", "b2"]);
  });

  it("reload once for a host that answers now so and now so", async () => {
    const host = { serves: "b2" };
    const here = tab("a1", host);
    expect(await here.meets("c3")).toBe("reload");
    // It waits for a quiet moment, and meets the peer again meanwhile.
    expect(await here.meets("c3")).toBe("reload");
    here.loads += 1;
    // The reload brought the old build again.
    expect(await here.meets("c3")).toBe("rest");
  });

  it("rest when nobody can say which is current", async () => {
    expect(await tab("a1", { serves: null }).meets("b2")).toBe("rest");
    expect(await tab("a1", { serves: "%build%" }).meets("b2")).toBe("rest");
  });
});

describe("the build of a page", () => {
  it("is what its document names", () => {
    expect(ownBuild({ querySelector: () => null })).toBe("development");
    const querySelector = (): Partial<HTMLMetaElement> => ({ content: "a1" });
    expect(ownBuild({ querySelector } as Pick<Document, "querySelector">)).toBe("a1");
  });
});
