/** When a part of the app does not load, or the browser does not give it what it needs: plain words, and a way out. */
import type { Page } from "@playwright/test";
import { violationsOf } from "./axe.ts";
import { expect, test } from "./fixtures.ts";
import { valueOf } from "./people.ts";
import { drawn } from "./versions.ts";

/** A page that has not been anywhere yet, without the service worker, whose requests no route sees. */
async function newcomer(visit: (address?: string, options?: object) => Promise<Page>): Promise<Page> {
  const page = await visit("/config.json", { serviceWorkers: "block" });
  return page;
}

/** What Playwright tells of a script that did not even begin. */
const SILENT = /^uncaught: $/;

const trouble = (page: Page, title: string) => page.getByRole("alert").getByRole("heading", { name: title });

async function waysOutLead(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Other ways out" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Ways out" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Load Mehr anew" })).toBeVisible();
}

for (const [what, answer] of [
  ["is not there", { status: 404, body: "Not Found" }],
  ["cannot be read", { status: 200, contentType: "text/javascript", body: "import {" }],
  ["throws", { status: 200, contentType: "text/javascript", body: "throw new Error('broken on its way')" }],
  ["comes as a page", { status: 200, contentType: "text/html", body: "<!doctype html>" }],
] as const) {
  test(`a first script that ${what} is told, with a way out`, async ({ visit, server, guard }) => {
    guard.expectFault(SILENT);
    guard.expectFault(/SyntaxError|broken on its way/);
    const page = await newcomer(visit);
    await page.route(/\/assets\/index-[^/]*\.js$/, (route) => route.fulfill(answer));
    await page.goto(server.url);
    await expect(trouble(page, "Mehr could not be loaded")).toBeVisible();
    await page.unroute(/\/assets\/index-[^/]*\.js$/);
    await page.getByRole("button", { name: "Try again" }).click();
    await drawn(page);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.locator(".plain")).toHaveCount(0);
  });
}

test("words that do not load are told, in the language of the person", async ({ visit, server, guard }) => {
  guard.expectFault(SILENT);
  const page = await visit("/config.json", { serviceWorkers: "block", locale: "fa-IR", colorScheme: "dark" });
  await page.route(/\/assets\/(?:fa|first)-[^/]*\.js$/, (route) => route.abort());
  await page.goto(server.url);
  await expect(trouble(page, "مهر بار نشد")).toBeVisible();
  expect(await page.getByRole("main").getAttribute("dir")).toBe("rtl");
  expect(await violationsOf(page)).toEqual([]);
  await page.getByRole("link", { name: "راه‌های دیگر" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "راه‌های بیرون رفتن" })).toBeVisible();
  expect(await violationsOf(page)).toEqual([]);
});

test("a script that takes for ever is told after a while, and the app is shown if it comes after all", async ({
  visit,
  server,
}) => {
  const page = await newcomer(visit);
  await page.clock.install();
  let arrive: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (arrive = resolve));
  await page.route(/\/assets\/index-[^/]*\.js$/, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(server.url, { waitUntil: "commit" });
  await page.waitForFunction(() => document.getElementById("app") !== null);
  // Deferred scripts run in order, so the one that watches runs while the app's is still awaited.
  await expect
    .poll(async () => {
      await page.clock.fastForward(20_000);
      return await page.locator('[data-why="slow"]').count();
    })
    .toBe(1);
  await expect(trouble(page, "Mehr is still loading")).toBeVisible();
  arrive();
  await drawn(page);
  await expect(page.locator(".plain")).toHaveCount(0);
});

test("without JavaScript a page says what Mehr is and needs, in both languages", async ({ visit }) => {
  const page = await visit("/", { javaScriptEnabled: false });
  await expect(page.getByRole("heading", { name: "Mehr needs JavaScript" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "مهر به جاوااسکریپت نیاز دارد" })).toBeVisible();
});

test("a browser that is too old is told so", async ({ visit, server }) => {
  const page = await newcomer(visit);
  await page.addInitScript(() => Reflect.deleteProperty(Promise, "withResolvers"));
  await page.route(/\/assets\/index-[^/]*\.js$/, (route) =>
    route.fulfill({ contentType: "text/javascript", body: "" }),
  );
  await page.goto(server.url);
  await expect(trouble(page, "This browser is too old for Mehr")).toBeVisible();
  await waysOutLead(page);
});

test("blocked storage is told so", async ({ visit, server, guard }) => {
  guard.expectFault(SILENT);
  const page = await newcomer(visit);
  // What Chromium does where a person has told it to block all cookies and site data.
  await page.addInitScript(() =>
    Object.defineProperty(window, "localStorage", {
      get: () => {
        throw new DOMException("Access is denied for this document.", "SecurityError");
      },
    }),
  );
  await page.goto(server.url);
  await expect(trouble(page, "The browser keeps nothing for this site")).toBeVisible();
  await waysOutLead(page);
});

test("a worker whose script does not load or does not run is told, and the peer starts when it does", async ({
  guard,
  visit,
  server,
}) => {
  // What the second script throws is told to the page, too, unless the worker is ended before.
  guard.expectFault(/broken on its way/);
  const missing = { status: 404, body: "Not Found" };
  const broken = { status: 200, contentType: "text/javascript", body: "throw new Error('broken on its way')" };
  for (const [script, answer] of [
    [/\/assets\/peer-[^/]*\.js$/, missing],
    [/\/assets\/peer-[^/]*\.js$/, broken],
    // What the worker begins with loads, and what that loads does not.
    [/\/assets\/peer-code-[^/]*\.js$/, missing],
  ] as const) {
    const page = await newcomer(visit);
    await page.context().route(script, (route) => route.fulfill(answer));
    await page.goto(server.url);
    await expect(page.getByRole("heading", { name: "Mehr could not start" })).toBeVisible();
    await expect(page.getByText("Reason: WORKER_UNAVAILABLE")).toBeVisible();
    await expect(page.getByText("A script of Mehr could not be loaded")).toBeVisible();
    expect(await violationsOf(page)).toEqual([]);
    await page.context().unroute(script);
    await page.getByRole("button", { name: "Start again" }).click();
    await expect(page.getByRole("heading", { name: "Nothing here yet" })).toBeVisible();
  }
});

test("storage that refuses to open is told, with a way out", async ({ visit, server }) => {
  const page = await newcomer(visit);
  // As in the private windows of some browsers: the class is there and opens nothing.
  await page.context().route(/\/assets\/peer-[^/]*\.js$/, async (route) => {
    const response = await route.fetch();
    const refuse =
      "IDBFactory.prototype.open = () => { throw new DOMException('A mutation operation was attempted on a database that did not allow mutations.', 'InvalidStateError') };\n";
    await route.fulfill({ response, body: refuse + (await response.text()) });
  });
  await page.goto(server.url);
  await expect(page.getByRole("heading", { name: "Mehr could not start" })).toBeVisible();
  await expect(page.getByText("The browser's storage could not be opened.")).toBeVisible();
  await waysOutLead(page);
});

/** What the peer of this page is asked under these names it does not understand, for as long as they stand here. */
async function misunderstood(page: Page): Promise<{ become(...names: readonly string[]): Promise<void> }> {
  await page.addInitScript(() => {
    const { postMessage } = MessagePort.prototype;
    MessagePort.prototype.postMessage = function (this: MessagePort, message: unknown, ...rest: unknown[]) {
      const { path, argumentList } = (message ?? {}) as { path?: string[]; argumentList?: { value: unknown }[] };
      const name = argumentList?.[1];
      const names = sessionStorage.getItem("misunderstood")?.split(" ") ?? [];
      if (path?.[0] === "watch" && name && names.includes(String(name.value))) name.value = "nothing";
      Reflect.apply(postMessage, this, [message, ...rest]);
    };
  });
  return {
    become: (...names) => page.evaluate((text) => sessionStorage.setItem("misunderstood", text), names.join(" ")),
  };
}

test("a page whose query fails says what could not be read, and asks anew when told to", async ({ visit, server }) => {
  const page = await newcomer(visit);
  const { become } = await misunderstood(page);
  await page.goto(server.url);
  const empty = page.getByRole("heading", { name: "Nothing here yet" });
  await expect(empty).toBeVisible();
  const post = await page.evaluate(() =>
    window.mehr.publish({
      id: "a",
      headline: "A post to look at",
      summary: "",
      text: "",
      scopes: ["g:cyberspace/commons"],
      replyTo: null,
      updated: 1,
    }),
  );
  const { id } = await valueOf(page, "identity");
  const retry = page.getByRole("button", { name: "Try again" });

  for (const [names, address, title, content] of [
    ["feed", "/", "These posts could not be read", page.getByRole("feed")],
    ["feed", "/s/place/cyberspace/commons", "These posts could not be read", page.getByRole("feed")],
    ["feed", `/u/${id}`, "These posts could not be read", page.getByRole("feed")],
    ["profile", `/u/${id}`, "This profile could not be read", page.getByRole("feed")],
    [
      "feeds",
      "/feeds",
      "Your feeds could not be read",
      page.getByRole("main").getByRole("list").getByRole("link", { name: "Home" }),
    ],
    ["envelope", `/p/${post.hash}`, "This post could not be read", page.getByText("A post to look at")],
    ["thread", `/p/${post.hash}`, "The replies could not be read", page.getByText("No replies have reached you yet.")],
    [
      "graph",
      `/p/${post.hash}/graph`,
      "What hangs together with this post could not be read",
      page.getByText(/Nothing that reached/),
    ],
    ["ownCurated", "/curate", "The feeds that you curate could not be read", page.getByText("You curate no feed yet.")],
    [
      "defence",
      "/settings/mutes",
      "What you do not want to see could not be read",
      page.getByText("Nothing is muted."),
    ],
  ] as const) {
    await become(names);
    await page.goto(new URL(address, server.url).href);
    await expect(trouble(page, title)).toBeVisible();
    await expect(page.getByRole("alert").getByText("WATCH_UNKNOWN")).toBeVisible();
    await expect(page.locator(".bone")).toHaveCount(0);
    await become();
    await retry.click();
    await expect(content.first()).toBeVisible();
    await expect(retry).toHaveCount(0);
  }
});

test("without WebAssembly the app works all the same", async ({ visit, server }) => {
  const page = await newcomer(visit);
  await page.context().route(/\/assets\/(peer|hash)-[^/]*\.js$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({
      response,
      body: `Reflect.deleteProperty(globalThis, "WebAssembly");\n${await response.text()}`,
    });
  });
  await page.goto(server.url);
  await page.waitForFunction(() => "mehr" in window);
  const { hash } = await page.evaluate(() =>
    window.mehr.publish({
      id: "w",
      headline: "Hashed by hand",
      summary: "",
      text: "",
      scopes: ["g:cyberspace/commons"],
      replyTo: null,
      updated: 1,
    }),
  );
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  await expect(page.getByRole("article", { name: "Hashed by hand" })).toBeVisible();
});

test("without WebRTC the app says that nothing arrives, and works otherwise", async ({ visit, server }) => {
  const page = await newcomer(visit);
  await page.addInitScript(() => Reflect.deleteProperty(window, "RTCPeerConnection"));
  await page.goto(server.url);
  await expect(page.getByRole("heading", { name: "This browser cannot link to others" })).toBeVisible();
  expect((await page.evaluate(() => window.mehr.words())).length).toBe(24);
});

test("a network that does not load leaves reading and writing, and looks offline", async ({ visit, server }) => {
  const page = await newcomer(visit);
  await page.context().route(/\/assets\/mesh-[^/]*\.js$/, (route) => route.fulfill({ status: 404, body: "Not Found" }));
  await page.goto(server.url);
  await expect(page.getByRole("heading", { name: "Nothing here yet" })).toBeVisible();
  expect((await page.evaluate(() => window.mehr.words())).length).toBe(24);
});
