/**
 * `npm run demo`: the app as `npm start` serves it, with five browser peers in it that write, answer, boost, curate and trust
 * each other for as long as it runs, so that whoever opens the address finds a mesh that is alive. What they say is in
 * demo/shelf.mjs and demo/passages.mjs.
 *
 *   npm run demo                       on the port of npm start
 *   npm run demo -- --port 9000        whatever npm start takes
 *
 * Ends with Ctrl+C.
 */
import { spawn } from "node:child_process";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { chromium } from "@playwright/test";
import { CHROMIUM_FLAGS, ensureChromium } from "./chromium.mjs";
import { seeded } from "./demo/further.mjs";
import { Town } from "./demo/town.mjs";
import { ensureBuild } from "./ensure-build.mjs";

/** So much is there when the address is said; the rest comes while one looks. */
const AT_ONCE = 18;
/** Between two things that happen afterwards, in ms: often enough to be seen, seldom enough to be read. */
const PACE = 20_000;
/** Between two of those that come when the shelf is empty, in ms: somebody who has it open all day is not to be hurried. */
const CALM = { least: 30_000, most: 120_000 };
const SEED = 1;

const root = path.resolve(import.meta.dirname, "..");
const ended = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => ended.abort());

await ensureBuild();
const executablePath = await ensureChromium();
const server = spawn(process.execPath, [path.join(root, "dist/relay/main.js"), ...process.argv.slice(2)], {
  stdio: ["ignore", "pipe", "inherit"],
});
server.once("exit", (code) => {
  if (code !== 0 && code !== null) process.exitCode = code;
  ended.abort();
});
let browser = null;
try {
  const url = await addressOf(server);
  browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
  console.log("Five peers are finding each other.");
  const town = await Town.open(browser, url);
  await town.act(AT_ONCE);
  console.log(`Open ${url} in a browser. Ctrl+C ends it.`);
  const random = seeded(SEED);
  while (browser.isConnected()) {
    const pause = town.left > 0 ? PACE : CALM.least + random() * (CALM.most - CALM.least);
    await wait(pause, undefined, { signal: ended.signal });
    try {
      await town.act();
    } catch (error) {
      if (ended.signal.aborted) break;
      // The machine may have slept: others find each other again, and what did not happen is not referred to.
      console.error(error instanceof Error ? error.message : error);
    }
  }
} catch (error) {
  if (!ended.signal.aborted) throw error;
} finally {
  await browser?.close();
  server.kill("SIGTERM");
}

/** Where the server says it is; what else it says is passed on. @param {import("node:child_process").ChildProcess} child */
function addressOf(child) {
  return new Promise((resolve, reject) => {
    let said = "";
    child.once("exit", () => reject(new Error("The server ended before it said where it is.")));
    child.stdout?.on("data", (chunk) => {
      said += chunk;
      const url = /http\S*:\/\/\S+/u.exec(said)?.[0];
      if (url !== undefined) resolve(url);
    });
  });
}
