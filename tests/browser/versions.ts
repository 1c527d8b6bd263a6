/** Versions of the built app, to be served one after another. */
import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Page } from "@playwright/test";

export const BUILT = path.resolve(import.meta.dirname, "../../dist/app");

/** The service worker of the page's app is active and every file of the app is in its cache. */
export async function installed(page: Page): Promise<void> {
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === "activated");
}

/** The app has drawn something. */
export const drawn = (page: Page): Promise<unknown> => page.waitForSelector("#app > *");

/** Longer than a page pauses between what it loads for its first screen and what it loads for later. */
const QUIET = 3_000;

/**
 * Looks for a new version, and waits until one is installed and waits, and until no page loads anything: with developer tools
 * attached, as they are in tests, Chromium may take five minutes to let it in when the old one is asked for something in the
 * moment of the change. What the app does then, where nobody watches, is in tests/rpc/update.test.ts.
 */
export async function newVersionWaits(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await (await navigator.serviceWorker.ready).update();
  });
  await page.waitForFunction(async () => (await navigator.serviceWorker.ready).waiting !== null);
  for (const one of page.context().pages()) {
    await one.waitForFunction((quiet) => {
      const loaded = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
      return performance.now() - Math.max(...loaded.map(({ responseEnd }) => responseEnd)) > quiet;
    }, QUIET);
  }
}

/** A copy of the built app that a test may change. */
export async function copyOfApp(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "mehr-app-"));
  await cp(BUILT, folder, { recursive: true });
  return folder;
}

export const removeApps = (folders: readonly string[]): Promise<unknown> =>
  Promise.all(folders.map((folder) => rm(folder, { recursive: true })));

async function change(file: string, edit: (text: string) => string): Promise<void> {
  const before = await readFile(file, "utf8");
  const after = edit(before);
  if (after === before) throw new Error(`nothing to change in ${file}`);
  await writeFile(file, after);
}

/** The page of this version. */
export const VERSION_OF = (): string | undefined => document.documentElement.dataset["version"];

/**
 * The page is of this version, and has drawn something.
 * @throws with what the page's service workers are, when it does not become that
 */
export async function versionIs(page: Page, version: string): Promise<void> {
  try {
    await page.waitForFunction((wanted) => document.documentElement.dataset["version"] === wanted, version);
  } catch (error) {
    const state = page.evaluate(async () => {
      const { active, waiting } = (await navigator.serviceWorker.getRegistration()) ?? {};
      const { dataset } = document.documentElement;
      return JSON.stringify({ version: dataset["version"], active: active?.state, waiting: waiting?.state });
    });
    const none = new Promise<string>((resolve) => {
      setTimeout(() => resolve("no answer"), 5_000);
    });
    throw new Error(`${page.url()} is not of version ${version}: ${await Promise.race([state, none])}`, {
      cause: error,
    });
  }
  await drawn(page);
}

/**
 * Makes the copy in `folder` another version: the page says so (`data-version` and its build), one script has another name, and
 * the old name is gone.
 * @param version one digit
 * @returns the name of the script before
 */
export async function becomeVersion(folder: string, version: number): Promise<string> {
  const assets = path.join(folder, "assets");
  const names = await readdir(assets);
  const before = names.find((name) => /^network-.*\.js$/.test(name)) ?? "";
  const after = before.replace(/-.*\.js$/, `-0000000${version}.js`);
  await rename(path.join(assets, before), path.join(assets, after));
  for (const name of await readdir(assets)) {
    if (!name.endsWith(".js")) continue;
    const file = path.join(assets, name);
    const text = await readFile(file, "utf8");
    if (text.includes(before)) await writeFile(file, text.replaceAll(before, after));
  }
  await change(path.join(folder, "index.html"), (text) =>
    text
      .replace("<html", `<html data-version="${version}"`)
      .replace(/(name="mehr-build" content="[0-9a-f]+)/, `$1${version}`),
  );
  await newRevision(folder, "index.html", version);
  await change(path.join(folder, "service.js"), (text) => text.replaceAll(before, after));
  return before;
}

/** Lists a file whose content has changed as the build would. */
export async function newRevision(folder: string, file: string, version: number): Promise<void> {
  const listed = `","url":"${file}"`;
  await change(path.join(folder, "service.js"), (text) => text.replace(listed, `${version}${listed}`));
}

/** The first script of the page throws. */
export async function breakStart(folder: string): Promise<void> {
  const page = await readFile(path.join(folder, "index.html"), "utf8");
  const main = /<script type="module"[^>]* src="\.\/(assets\/[^"]+)"/.exec(page)?.[1] ?? "";
  const broken = main.replace(/-[^-]*\.js$/, "-broken00.js");
  await writeFile(path.join(folder, broken), 'throw new Error("this version does not start");');
  for (const file of ["index.html", "service.js"]) {
    await change(path.join(folder, file), (text) => text.replaceAll(main, broken));
  }
}
