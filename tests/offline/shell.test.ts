import { beforeEach, describe, expect, it } from "vitest";
import { Shell, type ShellEntry } from "../../src/offline/index.ts";
import { MemoryCaches } from "./memory-caches.ts";

const SCOPE = new URL("https://mehr.example/below/");

/** What the host has; changed by the tests. */
type Host = Map<string, string | number>;

/** A version of the app: a page that names its build, and a script with the version in its name. */
function versionOf(build: string): { entries: ShellEntry[]; files: Host } {
  const entries = [
    { url: "index.html", revision: build },
    { url: "first-paint.js", revision: "same" },
    { url: `assets/main-${build}.js`, revision: null },
  ];
  const page = `<head><meta name="mehr-build" content="${build}"></head>`;
  const files: Host = new Map([
    ["index.html", page],
    ["first-paint.js", "theme"],
    [`assets/main-${build}.js`, `script ${build}`],
  ]);
  return { entries, files };
}

let caches: MemoryCaches;
let host: Host;
let asked: string[];

function shellOf(build: string): Shell {
  const { entries, files } = versionOf(build);
  host = new Map([...files, ["config.json", '{"relays":[]}'], ...[...host].filter(([, body]) => body === 0)]);
  return new Shell({ entries, scope: SCOPE, caches, fetch: answer });
}

async function answer(request: Request): Promise<Response> {
  const name = request.url.slice(SCOPE.href.length);
  asked.push(name);
  const body = host.get(name) ?? 404;
  if (body === 0) throw new TypeError("Failed to fetch");
  return typeof body === "number" ? new Response(null, { status: body }) : new Response(body);
}

/** A navigation; `Request` lets nobody set this mode. */
function navigation(path: string): Request {
  return Object.defineProperty(new Request(new URL(path, SCOPE)), "mode", { value: "navigate" });
}

async function pageOf(shell: Shell, path = "p/00ff"): Promise<string | undefined> {
  return await (await shell.answer(navigation(path)))?.text();
}

const shells = async (): Promise<string[]> => (await caches.keys()).filter((name) => name.startsWith("mehr shell "));

beforeEach(() => {
  caches = new MemoryCaches();
  host = new Map();
  asked = [];
});

describe("installing a version", () => {
  it("answers every address with the page of this version", async () => {
    const shell = shellOf("a1");
    await shell.install();
    expect(await shell.activate()).toBe(true);
    host.clear();
    for (const path of ["", "settings", "s/place/europe/nl"]) expect(await pageOf(shell, path)).toContain("a1");
    const script = await shell.answer(new Request(new URL("assets/main-a1.js", SCOPE)));
    expect(await script?.text()).toBe("script a1");
  });

  it("keeps nothing when a file is missing or the network ends in the midst of it", async () => {
    for (const fault of [404, 0]) {
      const shell = shellOf("a1");
      host.set("assets/main-a1.js", fault);
      await expect(shell.install()).rejects.toThrow();
      expect(await shells()).toEqual([]);
    }
  });

  it("keeps nothing when the browser has no room, and the version before goes on", async () => {
    const first = shellOf("a1");
    await first.install();
    await first.activate();
    caches.room = 3;
    const second = shellOf("b2");
    await expect(second.install()).rejects.toThrow("Quota");
    expect(await shells()).toHaveLength(1);
    expect(await pageOf(first)).toContain("a1");
  });

  it("keeps nothing when the host still has the page of another build, and installs once it has this one's", async () => {
    const shell = shellOf("b2");
    const page = host.get("index.html") ?? "";
    for (const other of [versionOf("a1").files.get("index.html") ?? "", "<head></head>"]) {
      host.set("index.html", other);
      await expect(shell.install()).rejects.toThrow("index.html");
      expect(await shells()).toEqual([]);
    }
    host.set("index.html", page);
    await shell.install();
    expect(await pageOf(shell)).toContain("b2");
  });

  it("takes what a killed installation left for no version, and removes it", async () => {
    const killed = await caches.open("mehr shell /below/ 0000000000000000");
    await killed.put(new URL("first-paint.js", SCOPE), new Response("half"));
    const shell = shellOf("a1");
    await shell.install();
    expect(await shell.activate()).toBe(true);
    expect(await shells()).toHaveLength(1);
    expect(await shell.goBack()).toBe(false);
  });

  it("does without config.json", async () => {
    const shell = shellOf("a1");
    host.delete("config.json");
    await shell.install();
    expect((await shell.answer(new Request(new URL("config.json", SCOPE))))?.status).toBe(404);
    host.set("config.json", 0);
    expect((await shell.answer(new Request(new URL("config.json", SCOPE))))?.type).toBe("error");
  });

  it("downloads no file again whose name says that it is the same", async () => {
    await shellOf("a1").install();
    const second = shellOf("a1");
    asked = [];
    host.set("first-paint.js", "another theme");
    await new Shell({
      entries: [...versionOf("a1").entries, { url: "more.js", revision: "1" }],
      scope: SCOPE,
      caches,
      fetch: async (request) => (request.url.endsWith("more.js") ? new Response("more") : await answer(request)),
    }).install();
    expect(asked).not.toContain("assets/main-a1.js");
    expect(asked).toContain("first-paint.js");
    expect(second.answer(new Request("https://elsewhere.example/below/x"))).toBeNull();
  });
});

describe("versions one after another", () => {
  async function take(build: string): Promise<Shell> {
    const shell = shellOf(build);
    await shell.install();
    await shell.activate();
    return shell;
  }

  it("serve pages of the version before what they still load, and forget older ones", async () => {
    for (const build of ["a1", "b2"]) await (await take(build)).started(build);
    const third = await take("c3");
    expect(await shells()).toHaveLength(2);
    host.clear();
    const before = await third.answer(new Request(new URL("assets/main-b2.js", SCOPE)));
    expect(await before?.text()).toBe("script b2");
    expect((await third.answer(new Request(new URL("assets/main-a1.js", SCOPE))))?.status).toBe(404);
  });

  it("keep the last one that has started behind one that never did", async () => {
    await (await take("a1")).started("a1");
    await take("b2");
    const third = await take("c3");
    expect(await shells()).toHaveLength(3);
    expect(await third.goBack()).toBe(true);
    expect(await pageOf(third)).toContain("a1");
  });

  it("are marked as started by their own pages only", async () => {
    await (await take("a1")).started("a1");
    const second = await take("b2");
    // A page of the version before, still open.
    await second.started("a1");
    const third = await take("c3");
    await third.goBack();
    expect(await pageOf(third)).toContain("a1");
  });

  it("can be gone back from, until another one comes", async () => {
    await (await take("a1")).started("a1");
    const broken = await take("b2");
    expect(await pageOf(broken)).toContain("b2");
    expect(await broken.goBack()).toBe(true);
    expect(await pageOf(broken)).toContain("a1");
    // The browser ends a service worker that has nothing to do, and starts it again.
    const again = shellOf("b2");
    expect(await pageOf(again)).toContain("a1");
    expect(await pageOf(await take("c3"))).toContain("c3");
  });

  it("can be served by the one before, which steps aside for them", async () => {
    const first = await take("a1");
    await first.started("a1");
    expect(await first.stepAside()).toBe(false);
    const second = shellOf("b2");
    await second.install();
    expect(await pageOf(first)).toContain("a1");
    expect(await first.stepAside()).toBe(true);
    expect(await pageOf(first)).toContain("b2");
    // A page of the version before, still open.
    host.clear();
    const before = await first.answer(new Request(new URL("assets/main-a1.js", SCOPE)));
    expect(await before?.text()).toBe("script a1");
    expect([first.build, second.build]).toEqual(["a1", "b2"]);
    // The browser ends a service worker that has nothing to do, and starts it again.
    const again = shellOf("a1");
    expect(await pageOf(again)).toContain("b2");
    // The way out of the new version, and in again.
    expect(await again.goBack()).toBe(true);
    expect(await pageOf(again)).toContain("a1");
    // The browser lets it in all the same.
    await second.activate();
    expect(await pageOf(second)).toContain("a1");
  });

  it("are served after all when they were gone back from before they were let in, once the person wants them", async () => {
    const first = await take("a1");
    await first.started("a1");
    const second = shellOf("b2");
    await second.install();
    await first.stepAside();
    await first.goBack();
    await second.chosen();
    expect(await first.stepAside()).toBe(true);
    expect(await pageOf(first)).toContain("b2");
    await second.activate();
    expect(await pageOf(second)).toContain("b2");
    expect(await second.goBack()).toBe(true);
    expect(await pageOf(second)).toContain("a1");
  });

  it("are left for the one before when the host goes back to that", async () => {
    const first = await take("a1");
    await first.started("a1");
    await shellOf("b2").install();
    await first.stepAside();
    await (await take("b2")).started("b2");
    // Its files are the same, and so is the name of its cache.
    expect(await pageOf(await take("a1"))).toContain("a1");
  });

  it("are gone back from to one that has started, from whichever they stepped aside", async () => {
    await (await take("a1")).started("a1");
    const broken = await take("b2");
    await broken.goBack();
    await shellOf("c3").install();
    expect(await broken.stepAside()).toBe(true);
    expect(await pageOf(broken)).toContain("c3");
    await broken.goBack();
    expect(await pageOf(broken)).toContain("a1");
  });

  it("cannot be gone back from without another one", async () => {
    const only = await take("a1");
    expect(await only.goBack()).toBe(false);
    expect(await pageOf(only)).toContain("a1");
  });
});
