/** The self-check says in plain words what is wrong, whatever it is; the log can be read and saved, and holds no content. */
import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium, type Page } from "@playwright/test";
import { shownThrough } from "../peer/canaries.ts";
import { expect, test as base } from "./fixtures.ts";
import { FLAGS } from "./flags.ts";
import { linked, nodeIdOf, publish } from "./people.ts";
import { startStaticSite } from "./static-site.ts";

const APP = path.resolve(import.meta.dirname, "../../dist/app");
const PLACE = "g:cyberspace/commons";
/** The check of a relay that is away takes its 8 s. */
const CHECK = 40_000;

interface Fixtures {
  /** A copy of the built app in which the files that match are missing. */
  readonly appWithout: (pattern: RegExp) => Promise<string>;
}

const test = base.extend<Fixtures>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names of a fixture's needs from this pattern
  appWithout: async ({}, use) => {
    const copies: string[] = [];
    await use(async (pattern: RegExp) => {
      const root = await mkdtemp(path.join(tmpdir(), "mehr-app-"));
      copies.push(root);
      await cp(APP, root, { recursive: true });
      const missing = (await readdir(path.join(root, "assets"))).filter((name) => pattern.test(name));
      expect(missing.length).toBeGreaterThan(0);
      for (const name of missing) await rm(path.join(root, "assets", name));
      return root;
    });
    for (const copy of copies) await rm(copy, { recursive: true });
  },
});

test.use({ keepsApp: true });

/** Presses the button and waits for the end; what was found, as `state CODE`. */
async function check(page: Page): Promise<string[]> {
  await page.getByRole("button", { name: "Check now" }).click();
  await expect(page.getByRole("button", { name: "Check again" })).toBeVisible({ timeout: CHECK });
  return page
    .locator(".check-finding")
    .evaluateAll((found) => found.map(({ dataset }) => `${dataset["state"]} ${dataset["code"]}`));
}

/** Writes small records until the browser refuses one. */
async function fill(page: Page): Promise<void> {
  const refused = await page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open("filler");
      opening.addEventListener("upgradeneeded", () => opening.result.createObjectStore("bytes"));
      opening.addEventListener("success", () => resolve(opening.result));
      opening.addEventListener("error", () => reject(opening.error ?? new Error("no database")));
    });
    const written = (at: number): Promise<string | null> => {
      const transaction = database.transaction("bytes", "readwrite");
      // What does not change from byte to byte would be compressed.
      transaction.objectStore("bytes").put(crypto.getRandomValues(new Uint8Array(4_096)), at);
      return new Promise((resolve) => {
        transaction.addEventListener("complete", () => resolve(null));
        transaction.addEventListener("abort", () => resolve(transaction.error?.name ?? "aborted"));
      });
    };
    for (let at = 0; at < 10_000; at++) {
      const fault = await written(at);
      if (fault !== null) return fault;
    }
    return "no end";
  });
  expect(refused).toBe("QuotaExceededError");
}

test("a peer with a neighbour has nothing that does not work", async ({ visit }) => {
  const [page, other] = await Promise.all([visit("/diagnostics"), visit("/")]);
  await Promise.all([linked(page), linked(other)]);
  // The first visit fetches the app's files meanwhile.
  await page.evaluate(() => navigator.serviceWorker.ready);
  const found = await check(page);
  const expected = [
    "ok CONTEXT_SECURE",
    "ok VERSION_KNOWN",
    "ok SERVICE_ACTIVE",
    "ok KEYS_PLAIN",
    "ok PEER_ANSWERS",
    "ok STORAGE_WORKS",
    "ok RECORDS_SOUND",
    "ok HASH_WORKER_WORKS",
    "ok RELAY_READY",
    "ok LINKS_DIRECT",
    "ok WEBRTC_PROVEN",
    "ok CLOCK_RIGHT",
  ];
  expect(found).toEqual(expect.arrayContaining(expected));
  expect(found.filter((line) => line.startsWith("broken"))).toEqual([]);
});

test("a relay that is away is named, and the browser is shown to work alone", async ({ visit, serve }) => {
  const server = await serve();
  const page = await visit("/diagnostics", { server });
  await expect(page.getByRole("button", { name: "Check now" })).toBeVisible();
  await page.evaluate(() => navigator.serviceWorker.ready);
  await server.stop();
  const found = await check(page);
  expect(found).toEqual(expect.arrayContaining(["broken RELAY_UNREACHABLE", "warning LINKS_NONE", "ok WEBRTC_WORKS"]));
  await expect(page.getByText(`${new URL(server.url).host} cannot be reached`)).toBeVisible();
  await expect(page.getByText("join somebody by an invitation")).toBeVisible();
  await expect(page.locator("[data-verdict]")).toHaveText("Something is wrong:");
});

test("a browser without WebRTC is told so", async ({ visit }) => {
  const page = await visit("/diagnostics");
  await page.context().addInitScript(() => Reflect.deleteProperty(window, "RTCPeerConnection"));
  await page.reload();
  expect(await check(page)).toContain("broken WEBRTC_MISSING");
  await expect(page.getByText("Allow WebRTC in the browser's settings")).toBeVisible();
});

test("storage without room is told", async ({ visit }) => {
  // Not a page of the app: browsers remember for a while how much room there was.
  const page = await visit("/icons/mehr.svg");
  const { origin } = new URL(page.url());
  const session = await page.context().newCDPSession(page);
  await session.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 1_000_000 });
  await page.goto(`${origin}/diagnostics`);
  // The storage of the peer is open, then.
  await nodeIdOf(page);
  await fill(page);
  expect(await check(page)).toContain("broken STORAGE_FULL");
  await expect(page.getByText("Free space on this device, or delete data of other sites.")).toBeVisible();
});

test("a clock that runs ahead is told, though there is nobody but the host of the app to ask", async ({
  visit,
  guard,
}) => {
  const site = await startStaticSite([]);
  guard.allow(site.url);
  try {
    const page = await visit(new URL("diagnostics", site.url).href);
    await expect(page.getByRole("button", { name: "Check now" })).toBeVisible();
    expect(await check(page)).toContain("ok CLOCK_RIGHT");
    await page.clock.setFixedTime(Date.now() + 20 * 60_000);
    await page.getByRole("button", { name: "Check again" }).click();
    await expect(page.locator('[data-code="CLOCK_WRONG"]')).toBeVisible();
    await expect(page.getByText("off by 20 minutes")).toBeVisible();
  } finally {
    await site.stop();
  }
});

test("a hash worker that cannot be loaded is told", async ({ visit, serve, appWithout }) => {
  const server = await serve({ root: await appWithout(/^hash-.*\.js$/) });
  const page = await visit("/diagnostics", { server });
  expect(await check(page)).toContain("broken HASH_WORKER_FAILED");
});

test("a peer that cannot be loaded is told, on a page that needs none", async ({ visit, serve, appWithout }) => {
  const server = await serve({ root: await appWithout(/^peer-.*\.js$/) });
  const page = await visit("/diagnostics", { server });
  const found = await check(page);
  expect(found).toEqual(expect.arrayContaining(["broken PEER_FAILED", "ok WEBRTC_WORKS", "ok CONTEXT_SECURE"]));
  // What was not asked, because there is nobody to ask, is not shown as if it had been.
  expect(found.join()).not.toContain("STORAGE");
  await expect(page.getByText("The log is kept by the peer, which does not run here.")).toBeVisible();
});

test("a browser that holds WebRTC back, and a page that did not come safely, are told", async ({
  chromiumPath,
  server,
}) => {
  const { port } = new URL(server.url);
  const held = await chromium.launch({
    executablePath: chromiumPath,
    args: [
      ...FLAGS,
      "--webrtc-ip-handling-policy=disable_non_proxied_udp",
      "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
      "--host-resolver-rules=MAP mehr.test 127.0.0.1",
    ],
  });
  try {
    const page = await held.newPage();
    await page.goto(`${server.url}diagnostics`);
    expect(await check(page)).toContain("broken WEBRTC_NO_CANDIDATES");
    await page.goto(`http://mehr.test:${port}/diagnostics`);
    const found = await check(page);
    expect(found).toEqual(expect.arrayContaining(["broken CONTEXT_INSECURE", "broken PEER_FAILED"]));
    await expect(page.getByText("Open the same address with https:// in front.")).toBeVisible();
  } finally {
    await held.close();
  }
});

test("the log is live, is filtered, held still, emptied and saved", async ({ visit, guard }) => {
  const page = await visit("/diagnostics");
  const log = page.getByRole("list", { name: "Entries of the log" });
  await expect(log.getByText("peer_started")).toBeVisible();
  guard.expectFault(/a word that nobody reads/);
  // In a task of the page's own: what the test evaluates is caught by the test.
  await page.evaluate(() => {
    setTimeout(() => void Promise.reject(new TypeError("a word that nobody reads")));
  });
  await expect(log.getByText("page_failed")).toBeVisible();
  await page.getByLabel("Part").selectOption("page");
  await expect(log.getByRole("listitem")).toHaveCount(1);
  await page.getByLabel("Part").selectOption("all");
  await page.getByLabel("Show", { exact: true }).selectOption("error");
  await expect(log.getByRole("listitem")).toHaveCount(1);

  await page.getByLabel("Show", { exact: true }).selectOption("info");
  await page.getByRole("button", { name: "Hold still" }).click();
  const before = await log.getByRole("listitem").count();
  await page.evaluate(() => window.mehr.noteFault({ kind: "error", class: "RangeError", code: null, at: [] }));
  await expect.poll(() => page.evaluate(async () => (await window.mehr.log({ level: "error" })).length)).toBe(2);
  expect(await log.getByRole("listitem").count()).toBe(before);
  await page.getByRole("button", { name: "Go on" }).click();
  await expect(log.getByText("class=RangeError")).toBeVisible();

  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as data" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^mehr-report-\d{4}-\d\d-\d\d\.json$/);
  const saved = await readFile(await file.path(), "utf8");
  expect(JSON.parse(saved)).toMatchObject({ format: "mehr-report-1", checkedAt: null });
  expect(saved).toContain("page_failed");
  expect(saved).not.toContain("a word that nobody reads");
  const asText = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as text" }).click();
  expect(await readFile(await (await asText).path(), "utf8")).toContain("error page page_failed");

  await page.getByRole("button", { name: "Empty the log" }).click();
  await expect(log.getByRole("listitem")).toHaveCount(1);
  await expect(log.getByText("log_cleared")).toBeVisible();
});

test("a whole story leaves neither content nor keys in the log, also over restarts", async ({ visit }) => {
  const [anna, ben] = await Promise.all([visit("/"), visit("/")]);
  await Promise.all([linked(anna), linked(ben)]);
  const text = "Marzipan thunderstorms gather over Zwickledonk tonight. ".repeat(20).trim();
  const headline = "Quokkas unionise at the lighthouse";
  const draft = "Unsent: the velvet anchovy memorandum";
  const [annaId, benId] = [await nodeIdOf(anna), await nodeIdOf(ben)];
  const profile = { displayName: "Petronella Vantablack", bio: "Collects forgotten umbrellas", scopes: [] };
  await anna.evaluate((given) => window.mehr.saveProfile(given), profile);
  await ben.evaluate((id) => window.mehr.follow(id), annaId);
  const { hash, postHash } = await publish(anna, { headline, text }, [PLACE]);
  await anna.evaluate(
    ([words]) =>
      window.mehr.saveDraft({
        id: "d",
        headline: "",
        summary: "",
        text: words,
        scopes: [],
        replyTo: null,
        updated: 0,
      }),
    [draft] as const,
  );
  await expect.poll(() => ben.evaluate((id) => window.mehr.envelope(id), hash)).not.toBeNull();
  await ben.evaluate((id) => window.mehr.post(id), postHash);
  const words = await anna.evaluate(() => window.mehr.words());
  const logs: string[] = [];
  const keep = async (page: Page): Promise<void> => {
    logs.push(JSON.stringify(await page.evaluate(() => window.mehr.log())));
  };
  await Promise.all([keep(anna), keep(ben)]);
  await ben.evaluate((phrase) => window.mehr.restore(phrase), words.join(" "));
  await ben.reload();
  await expect.poll(() => nodeIdOf(ben)).toBe(annaId);
  await keep(ben);
  const told = logs.join("\n");
  expect(told).toContain("link_opened");
  const canaries = [
    { name: "text", secret: text },
    { name: "headline", secret: headline },
    { name: "draft", secret: draft },
    { name: "name", secret: profile.displayName },
    { name: "bio", secret: profile.bio },
    { name: "words", secret: words.join(" ") },
    { name: "post", secret: postHash },
    { name: "envelope", secret: hash },
    { name: "author", secret: annaId, allowed: annaId.slice(0, 11) },
    { name: "reader", secret: benId, allowed: benId.slice(0, 11) },
  ];
  expect(shownThrough(told, canaries)).toEqual([]);
});

test("works in Persian and by keyboard alone", async ({ visit }) => {
  const page = await visit("/diagnostics");
  await page.waitForFunction(() => "mehr" in window);
  await page.evaluate(() => window.mehr.updateSettings({ language: "fa" }));
  await expect(page.getByRole("heading", { level: 1, name: "عیب‌یابی" })).toBeVisible();
  const start = page.getByRole("button", { name: "همین حالا بیازما" });
  await page.locator("main").focus();
  for (let pressed = 0; pressed < 20 && !(await start.evaluate((e) => e === document.activeElement)); pressed++) {
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "دوباره بیازما" })).toBeVisible({ timeout: CHECK });
  const sentences = await page.locator(".check-finding bdi").allTextContents();
  expect(sentences.length).toBeGreaterThan(8);
  for (const sentence of sentences) expect(sentence).toMatch(/\p{Script=Arabic}/u);
});
