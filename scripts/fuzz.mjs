/**
 * `npm run fuzz`: what the tests run of mutated inputs, by itself. `npm run fuzz -- 5000000` runs so many, from a seed of
 * this moment unless `FUZZ_SEED` names one; the table at the end says how many inputs each target had, and from which seed.
 */
import { spawnSync } from "node:child_process";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "..");
const [count] = process.argv.slice(2);
if (count !== undefined && !/^[1-9]\d*$/.test(count)) {
  console.error(`How many inputs? A number, not "${count}".`);
  process.exit(2);
}
const seed = count === undefined ? {} : { FUZZ_SEED: String(Date.now() % 0x1_0000_0000), FUZZ_ITERATIONS: count };
const steps = [
  [process.execPath, ["scripts/build-wasm.mjs"]],
  [path.join(root, "node_modules/.bin/vitest"), ["run", "tests/fuzz"]],
];
for (const [program, args] of steps) {
  const { status } = spawnSync(program, args, { cwd: root, stdio: "inherit", env: { ...seed, ...process.env } });
  if (status !== 0) process.exit(status ?? 1);
}
