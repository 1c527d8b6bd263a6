/** Whatever reads bytes, text or records from outside is fuzzed: a new decoder fails here until it is. */
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { targets } from "./registry.ts";

const SRC = path.resolve(import.meta.dirname, "../../src");
/** Names that say that something is read which may be anything. */
const DECODER =
  /^export (?:async )?(?:function\*? |const )((?:decode|parse|entropyFrom|scopeFrom|fromHex|open[A-Z]\w*Code)\w*)/gm;

async function decoders(): Promise<string[]> {
  const names: string[] = [];
  for (const entry of await readdir(SRC, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.tsx?$/.test(entry.name)) continue;
    const file = path.join(entry.parentPath, entry.name);
    const text = await readFile(file, "utf8");
    const where = path.relative(SRC, file).split(path.sep).join("/");
    for (const [, name] of text.matchAll(DECODER)) names.push(`${where}#${name}`);
  }
  return names.toSorted();
}

it("holds every exported decoder and parser", async () => {
  const covered = new Set(targets.flatMap(({ covers }) => covers));
  const all = await decoders();
  expect(all.length).toBeGreaterThan(15);
  expect(all.filter((name) => !covered.has(name))).toEqual([]);
});

it("names what there is", async () => {
  for (const name of targets.flatMap(({ covers }) => covers)) {
    const [file = "", exported = ""] = name.split("#");
    expect(await readFile(path.join(SRC, file), "utf8"), name).toMatch(new RegExp(`export .*\\b${exported}\\b`));
  }
});

it("shares out the inputs of a run, and no target is named twice", () => {
  expect(new Set(targets.map(({ name }) => name)).size).toBe(targets.length);
  expect(targets.reduce((sum, { share }) => sum + share, 0)).toBeGreaterThanOrEqual(200_000);
});
