/** Whether the sources are those of the last build: what `npm start` and the browser tests ask before they build again. */
import { createHash } from "node:crypto";
import { readFile, readdir, stat } from "node:fs/promises";
import path from "node:path";

const root = new URL("../", import.meta.url).pathname;

/** Everything that a build reads, but for packages: those are fixed by the lock file. */
const SOURCES = [
  "src",
  "workers",
  "public",
  "scripts",
  "index.html",
  "vite.config.ts",
  "tsconfig.json",
  "package-lock.json",
];

/** Written next to what was built. */
export const stampFile = path.join(root, "dist", "sources.sha256");

/**
 * @param {string} base The path of the site that is built for.
 * @returns {Promise<string>} Hash of the sources' names and contents.
 */
export async function fingerprint(base) {
  const hash = createHash("sha256").update(`${base}\n`);
  for (const source of SOURCES) {
    const files = await filesUnder(path.join(root, source));
    for (const file of files.toSorted((a, b) => (a < b ? -1 : 1))) {
      hash.update(`${path.relative(root, file)}\n`).update(await readFile(file));
    }
  }
  return hash.digest("hex");
}

/** @param {string} base */
export async function isBuilt(base) {
  const stamp = await readFile(stampFile, "utf8").catch((error) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  return stamp === (await fingerprint(base));
}

async function filesUnder(place) {
  if ((await stat(place)).isFile()) return [place];
  const entries = await readdir(place, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}
