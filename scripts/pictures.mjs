/**
 * Pictures of the real app: the demonstration town (demo/) has said all of its shelf, a reader on a desk and one on a phone
 * look at every page, the one on the desk also as on a tablet, at last without any network.
 *
 *   npm run pictures                 those that README.md and docs/ show, into docs/pictures, and those that a browser shows
 *                                    before it installs the app, into public/screenshots
 *   npm run pictures -- --all DIR    every page in every view, to be looked at
 */
import { spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "@playwright/test";
import { CHROMIUM_FLAGS, ensureChromium } from "./chromium.mjs";
import { CHOSEN, COLUMNS, PIECES } from "./demo/shelf.mjs";
import { COMMONS, Town } from "./demo/town.mjs";
import { until, valueOf } from "./demo/waiting.mjs";
import { ensureBuild } from "./ensure-build.mjs";

/** @typedef {import("@playwright/test").Page} Page */

const { values } = parseArgs({ options: { all: { type: "string" } } });
const root = path.resolve(import.meta.dirname, "..");
const folder = values.all ?? path.join(root, "docs/pictures");

/** What the documents show, as page-view. */
const SHOWN = new Set(["home-desktop-light", "post-phone-dark", "home-phone-persian", "curated-phone-dark"]);

/** What the manifest shows (src/offline/manifest.ts has the same names), by page-view. */
const SCREENSHOTS = new Map([
  ["home-desktop-light", "home-desktop"],
  ["write-desktop-light", "write-desktop"],
  ["network-desktop-light", "network-desktop"],
  ["home-phone-light", "home-phone"],
  ["post-phone-dark", "post-phone"],
  ["write-phone-light", "write-phone"],
]);

const SHOWN_POST = "When I heard the learn'd astronomer";
const BY_THE_CURATOR = "Begin the morning by saying this";

/** Above this, text keeps its edges; a picture takes 30 to 60 kB. */
const WEBP_QUALITY = 0.8;

/** A circuit is closed after two minutes at the latest (src/relay/limits.ts), and half a minute for a busy machine. */
const LINK_TIMEOUT = 150_000;

/** A round of questions to the neighbours, and what a busy machine adds. */
const ARRIVAL_TIMEOUT = 60_000;

const DESK = { width: 1280, height: 800 };
/** Upright: the rail without its words, and no column beside the page. */
const TABLET = { width: 768, height: 1024 };

/** Every page by its address; what has none is found by what is on it. */
const PAGES = {
  home: "",
  post: "",
  write: "write",
  explore: "explore",
  place: "s/place/cyberspace/commons",
  topic: "s/topic/poetry",
  curated: "",
  graph: "",
  search: "search?q=life",
  inbox: "inbox",
  mutes: "settings/mutes",
  profile: "",
  me: "me",
  people: "me?people=1",
  edit: "me?edit=1",
  network: "network",
  invite: "join?invite=1",
  check: "diagnostics",
  settings: "settings",
  welcome: "welcome",
  words: "welcome",
  restore: "restore",
  missing: "there-is-no-such-page",
};

/** @returns {Promise<{ url: string, stop: () => Promise<void> }>} */
function startServer() {
  const child = spawn(process.execPath, [path.join(root, "dist/relay/main.js"), "--port", "0"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise((resolve) => {
    child.once("exit", resolve);
  });
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  return new Promise((resolve, reject) => {
    let said = "";
    child.once("exit", () => reject(new Error(`The server ended: ${said}`)));
    child.stderr.on("data", (chunk) => {
      said += chunk;
    });
    child.stdout.on("data", (chunk) => {
      said += chunk;
      const url = /http:\/\/\S+/.exec(said)?.[0];
      if (url !== undefined) resolve({ url: url.endsWith("/") ? url : `${url}/`, stop });
    });
  });
}

/** Opens the app as somebody who lives here and has been welcomed. @param {import("@playwright/test").Browser} browser */
async function settle(browser, url, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.goto(url);
  await page.waitForFunction(() => "mehr" in globalThis);
  await page.evaluate(async (home) => {
    await globalThis.mehr.updateSettings({ home, topics: ["t:poetry", "t:sky"] });
    await globalThis.mehr.welcome("yes");
    await globalThis.mehr.keepWords();
  }, COMMONS);
  return page;
}

/**
 * A second tab of somebody. The first one runs the peer and stays, so that pages can be opened one after the other in this
 * one: a peer that starts anew for each picture is one that its neighbours grow tired of (src/mesh/budgets).
 * @param {Page} first
 */
async function secondTab(first) {
  return first.context().newPage();
}

/** @param {Page} page @param {{ name: string, bio: string }} profile */
async function introduce(page, { name, bio }) {
  await page.evaluate((own) => globalThis.mehr.saveProfile(own), { displayName: name, bio, scopes: [COMMONS] });
}

/** Linked to so many directly, and the circuits over which they were introduced are closed. @param {Page} page @param {number} peers */
async function linked(page, peers) {
  await until("direct links alone", async () => {
    const { connections } = await valueOf(page, "network");
    const direct = new Set(connections.filter(({ transport }) => transport === "webrtc").map(({ peer }) => peer));
    return direct.size >= peers && !connections.some(({ transport }) => transport === "relay");
  });
}

/** All posts with the names of their authors. @param {Page} page */
async function everythingCame(page, url) {
  await page.goto(url);
  await until("all that was said", async () => (await page.evaluate(namedPosts, COMMONS)) >= PIECES.length);
}

/** Runs in the page: posts of a place whose authors have a name here. @param {string} scope */
async function namedPosts(scope) {
  const rows = await globalThis.mehr.feed({ feed: { kind: "scope", scope, match: "exact" }, limit: 100 });
  return rows.filter(({ authorName, boostOf }) => authorName !== null && boostOf === null).length;
}

/** The envelope with this headline. @param {Page} page @param {string} headline */
function envelopeOf(page, headline) {
  return page.evaluate(
    async ([scope, wanted]) => {
      const rows = await globalThis.mehr.feed({ feed: { kind: "scope", scope, match: "exact" }, limit: 100 });
      const { author, hash } = rows.find((row) => row.headline === wanted);
      return { author, hash };
    },
    [COMMONS, headline],
  );
}

/** @param {Page} page */
async function show(page, url, name) {
  await page.goto(url + PAGES[name]);
  await page.waitForFunction(() => "mehr" in globalThis);
  if (name === "home" || name === "place" || name === "topic" || name === "search") {
    await page.getByRole("feed").getByRole("article").first().waitFor();
  }
  if (name === "post" || name === "graph") {
    const { hash } = await envelopeOf(page, name === "graph" ? BY_THE_CURATOR : SHOWN_POST);
    await page.goto(`${url}p/${hash}${name === "graph" ? "/graph" : ""}`);
    if (name === "graph") await page.locator('canvas[data-state="rests"]').waitFor();
    else {
      const read = page.locator(".full-text button.button-primary");
      await read.or(page.locator('[data-part="text"]')).first().waitFor();
      if (await read.isVisible()) await read.click();
      await page.locator('[data-part="text"]').waitFor();
    }
  }
  if (name === "profile") {
    const { author } = await envelopeOf(page, SHOWN_POST);
    await page.goto(`${url}u/${author}`);
    await page.locator(".profile-mark").waitFor();
  }
  if (name === "curated") {
    const { author } = await envelopeOf(page, BY_THE_CURATOR);
    await page.goto(`${url}curated?by=${author}&feed=${encodeURIComponent(CHOSEN.name)}`);
    await page.locator(".curator-note").first().waitFor();
  }
  if (name === "write") {
    const [headline, text] = [page.locator("form input.input").first(), page.locator("form textarea.input").first()];
    await headline.fill("Repair evening on Tuesday");
    await text.fill("Bring what is broken and some patience. We have tools, thread and coffee, from seven until late.");
    await page.locator("meter").waitFor();
  }
  if (name === "words") {
    for (let step = 1; step < 4; step += 1) await page.locator("form button[type=submit]").click();
    await page.locator(".words li").last().waitFor();
  }
  if (name === "network")
    await page
      .locator(".orbit-peer")
      .nth(Object.keys(COLUMNS).length - 1)
      .waitFor();
  if (name === "invite") await page.locator("svg.qr").waitFor();
  if (name === "check") {
    await page.locator("#check-title ~ div button").click();
    await page.locator("[data-verdict]").waitFor({ timeout: ARRIVAL_TIMEOUT });
  }
  // Nothing is under the pointer.
  await page.mouse.move(0, 0);
  await page.evaluate(() => document.fonts.ready);
  // The last change of a live query and the fade of a control, which are under 200 ms.
  await page.waitForTimeout(500);
}

/**
 * As WebP, which Playwright does not write and a canvas does. (The protocol's own WebP draws the page anew at another scale,
 * with the scroll bars of a desk.)
 * @param {Page} page @param {string} name
 */
async function takeScreenshot(page, name) {
  const png = await page.screenshot();
  // The app's page has a policy against what is done here.
  const canvas = await page.context().browser().newPage();
  const webp = await canvas.evaluate(
    async ([source, quality]) => {
      const bitmap = await createImageBitmap(await (await fetch(source)).blob());
      const drawing = new OffscreenCanvas(bitmap.width, bitmap.height);
      drawing.getContext("2d").drawImage(bitmap, 0, 0);
      const blob = await drawing.convertToBlob({ type: "image/webp", quality });
      return [...new Uint8Array(await blob.arrayBuffer())];
    },
    [`data:image/png;base64,${png.toString("base64")}`, WEBP_QUALITY],
  );
  await canvas.close();
  const target = path.join(root, "public/screenshots");
  await mkdir(target, { recursive: true });
  await writeFile(path.join(target, `${name}.webp`), Uint8Array.from(webp));
}

/** @param {Page} page */
async function takeAll(page, url, view, names, alone = false) {
  for (const name of names) {
    const picture = `${name}-${view}`;
    const screenshot = values.all === undefined ? SCREENSHOTS.get(picture) : undefined;
    const shown = values.all !== undefined || SHOWN.has(picture);
    if (!shown && screenshot === undefined) continue;
    await show(page, url, name);
    if (!alone) await page.locator('.status-dot[data-state="online"]:visible').waitFor({ timeout: LINK_TIMEOUT });
    if (screenshot !== undefined) await takeScreenshot(page, screenshot);
    if (shown) await page.screenshot({ path: path.join(folder, `${picture}.png`) });
    console.log(picture);
  }
}

/** @param {Page} page */
async function choose(page, patch) {
  await page.evaluate((settings) => globalThis.mehr.updateSettings(settings), patch);
}

await ensureBuild();
await mkdir(folder, { recursive: true });
const server = await startServer();
const browser = await chromium.launch({ executablePath: await ensureChromium(), args: CHROMIUM_FLAGS });
try {
  const { url } = server;
  const everyPage = Object.keys(PAGES);
  const town = await Town.open(browser, url);
  await town.act(town.left);
  const reader = { name: "Number fourteen", bio: "The house with the blue door." };
  const deskPeer = await settle(browser, url, { viewport: DESK });
  const phonePeer = await settle(browser, url, {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
    deviceScaleFactor: 2,
  });
  for (const page of [deskPeer, phonePeer]) await introduce(page, reader);
  for (const page of [deskPeer, phonePeer]) await linked(page, town.pages.length);
  const [desk, phone] = [await secondTab(deskPeer), await secondTab(phonePeer)];
  for (const page of [desk, phone]) await everythingCame(page, url);

  await takeAll(desk, url, "desktop-light", everyPage);
  await takeAll(phone, url, "phone-light", everyPage);
  await choose(desk, { theme: "dark" });
  await takeAll(desk, url, "desktop-dark", everyPage);
  await choose(desk, { theme: "light" });
  await desk.setViewportSize(TABLET);
  await takeAll(desk, url, "tablet-light", everyPage);
  await choose(desk, { language: "fa" });
  await takeAll(desk, url, "tablet-persian", everyPage);
  await desk.setViewportSize(DESK);
  await choose(phone, { theme: "dark" });
  await takeAll(phone, url, "phone-dark", everyPage);
  await choose(phone, { theme: "light", language: "fa" });
  await takeAll(phone, url, "phone-persian", everyPage);
  await takeAll(desk, url, "desktop-persian", everyPage);

  // Everybody else goes, and so does the server: what is left is what the phone has kept.
  await choose(phone, { language: "en" });
  await Promise.all([...town.pages, desk].map((page) => page.context().close()));
  await phone.goto(url);
  await phone.evaluate(() => navigator.serviceWorker.ready);
  await server.stop();
  await phone.context().setOffline(true);
  await takeAll(phone, url, "phone-offline", ["home", "post", "network", "write"], true);
} finally {
  await browser.close();
  await server.stop();
}
