/** Which Chromium the browser tests, the benches and the pictures use, and how to get one. */
import { execFileSync } from "node:child_process";
import { access, constants, readFile } from "node:fs/promises";
import path from "node:path";

/** No update, no sync, no QUIC: the browser contacts nobody that the test does not name. */
export const CHROMIUM_FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

const MAC_APPS = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/**
 * Path of a Chromium: `CHROMIUM_PATH`, the system's, or the one that Playwright has installed.
 * @returns {Promise<string>}
 * @throws when there is none, with words that say how to get one
 */
export async function findChromium() {
  const named = process.env.CHROMIUM_PATH;
  if (named !== undefined && named !== "") {
    if (await isExecutable(named)) return named;
    throw new Error(`CHROMIUM_PATH names ${named}, which is no program that can be run.`);
  }
  const folders = (process.env.PATH ?? "").split(path.delimiter).filter((folder) => folder !== "");
  const candidates = NAMES.flatMap((name) => [...folders, "/usr/bin"].map((folder) => path.join(folder, name)));
  for (const candidate of [...candidates, ...MAC_APPS, await playwrightChromium()]) {
    if (await isExecutable(candidate)) return candidate;
  }
  throw new Error(
    [
      "No Chromium was found. Get one by either of:",
      "  npx playwright install --with-deps chromium",
      "  apt-get install chromium        (Debian, Ubuntu)",
      "or name one: CHROMIUM_PATH=/path/to/chrome npm test",
    ].join("\n"),
  );
}

/**
 * The same, but on a Debian where this process may install packages a missing Chromium is installed first.
 * @returns {Promise<string>}
 */
export async function ensureChromium() {
  try {
    return await findChromium();
  } catch (error) {
    if (process.env.CHROMIUM_PATH || !(await mayInstall())) throw error;
    console.log("No Chromium here: installing the one of the distribution.");
    const options = { stdio: "inherit", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
    execFileSync("apt-get", ["update", "-q"], options);
    execFileSync("apt-get", ["install", "-y", "-q", "--no-install-recommends", "chromium"], options);
    return findChromium();
  }
}

async function mayInstall() {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  // Ubuntu's package "chromium" is a pointer to a snap, which does not run in a container.
  const release = await readFile("/etc/os-release", "utf8").catch(() => "");
  return /^ID=debian$/m.test(release) && (await isExecutable("/usr/bin/apt-get"));
}

async function playwrightChromium() {
  const { chromium } = await import("@playwright/test");
  return chromium.executablePath();
}

async function isExecutable(file) {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
