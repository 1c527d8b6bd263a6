/** The directions between the rooms, and the purity of the pure ones, as the linter itself sees them. */
import { execFileSync } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** File to be written, and the rule that must refuse it; null for what must pass. */
const SNIPPETS: readonly (readonly [file: string, text: string, rule: string | null])[] = [
  ["src/wire/to-store.ts", 'export { open } from "../store/index.ts";', "rooms(direction)"],
  ["src/wire/to-hash.ts", 'export { blake3 } from "../hash/index.ts";', null],
  [
    "src/hash/to-wire.ts",
    'import type { Hash } from "../wire/types.ts";\nexport type Digest = Hash;',
    "rooms(direction)",
  ],
  ["src/social/to-mesh.ts", 'export * from "../mesh/port.ts";', "rooms(direction)"],
  ["src/mesh/to-store.ts", 'export * from "../store/port.ts";', "rooms(direction)"],
  ["src/mesh/protocols/deep.ts", 'export * from "../../peer/api.ts";', "rooms(direction)"],
  ["src/store/to-mesh.ts", 'export const mesh = () => import("../mesh/index.ts");', "rooms(direction)"],
  ["src/peer/to-rpc.ts", 'export * from "../rpc/index.ts";', "rooms(direction)"],
  ["src/peer/to-mesh.ts", 'export * from "../mesh/index.ts";', null],
  ["src/app/pages/to-store.ts", 'export * from "../../store/index.ts";', "rooms(direction)"],
  ["src/app/pages/to-peer.ts", 'export * from "../../peer/index.ts";', "rooms(direction)"],
  ["src/app/pages/to-api.ts", 'export type * from "../../peer/api.ts";', null],
  ["src/app/pages/to-social.ts", 'export * from "../../social/index.ts";', "rooms(direction)"],
  ["src/app/pages/to-mark.ts", 'export * from "../../social/defence/sensitive.ts";', null],
  ["src/app/pages/own-store.ts", 'export * from "../store/theme.ts";', null],
  ["src/app/to-libp2p.ts", 'export { createLibp2p } from "libp2p";', "rooms(direction)"],
  ["src/peer/to-idb.ts", 'export { openDB } from "idb";', "rooms(direction)"],
  ["src/mesh/to-node.ts", 'export { readFile } from "node:fs/promises";', "rooms(direction)"],
  ["src/mesh/out.ts", 'export * from "../../tests/support.ts";', "rooms(direction)"],
  ["src/wire/clock.ts", "export const now = () => Date.now();", "eslint(no-restricted-globals)"],
  ["src/social/chance.ts", "export const chance = () => Math.random();", "eslint(no-restricted-properties)"],
  [
    "src/wire/key.ts",
    "export const fill = (b: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(b);",
    "eslint(no-restricted-properties)",
  ],
  ["src/social/web.ts", 'export const load = () => fetch("/x");', "eslint(no-restricted-globals)"],
  ["src/social/page.ts", "export const title = () => document.title;", "eslint(no-restricted-globals)"],
  ["src/wire/wait.ts", "export const wait = (f: () => void) => setTimeout(f, 1);", "eslint(no-restricted-globals)"],
  ["src/wire/disk.ts", 'export const open = () => indexedDB.open("x");', "eslint(no-restricted-globals)"],
  ["src/wire/around.ts", "export const now = () => globalThis.performance.now();", "eslint(no-restricted-globals)"],
  [
    "src/wire/digest.ts",
    'export const digest = (b: Uint8Array<ArrayBuffer>) => crypto.subtle.digest("SHA-256", b);',
    null,
  ],
  ["src/mesh/clock.ts", "export const now = () => Date.now();", null],
];

interface Diagnostic {
  readonly code: string;
  readonly filename: string;
}

let folder: string;
let diagnostics: readonly Diagnostic[];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "mehr-rooms-"));
  await cp(path.join(ROOT, "scripts/lint"), path.join(folder, "scripts/lint"), { recursive: true });
  for (const file of [".oxlintrc.json", "tsconfig.json"]) await cp(path.join(ROOT, file), path.join(folder, file));
  await symlink(path.join(ROOT, "node_modules"), path.join(folder, "node_modules"));
  for (const [file, text] of SNIPPETS) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), `${text}\n`);
  }
  diagnostics = lint();
});

afterAll(() => rm(folder, { recursive: true }));

/** oxlint exits with 1 when it finds something, which is what it is called for here. */
function lint(): readonly Diagnostic[] {
  const oxlint = path.join(ROOT, "node_modules/oxlint/bin/oxlint");
  try {
    execFileSync(process.execPath, [oxlint, "--format=json", "src"], { cwd: folder, stdio: "pipe" });
    return [];
  } catch (error) {
    const { stdout } = error as { stdout: Buffer };
    return (JSON.parse(stdout.toString()) as { diagnostics: Diagnostic[] }).diagnostics;
  }
}

describe("the linter", () => {
  test.each(SNIPPETS)("%s: %s", (file, _, rule) => {
    const found = diagnostics.filter(({ filename }) => filename === file).map(({ code }) => code);
    const ofTheHouse = found.filter((code) => code === "rooms(direction)" || code.includes("no-restricted"));
    expect(ofTheHouse).toEqual(rule === null ? [] : [rule]);
  });
});
