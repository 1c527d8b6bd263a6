/**
 * `npm run sim`: a thousand peers for a day of virtual time (tests/sim/world), and what traffic depends on.
 *
 *   npm run sim                            a day of a thousand peers
 *   npm run sim -- --seed 7 --peers 300 --hours 6
 *   npm run sim -- --coalition 50 --blocking 0.2   other than in tests/sim/world/options.ts
 *   npm run sim -- --posts 12              so many a day by each, on average
 *   npm run sim -- --split 2 --split-for 1.5   cut in two after so many hours, for so many
 *   npm run sim -- --curve                 traffic at 100, 300, 1,000 and 3,000 peers, drawn into docs/pictures/traffic.svg
 *
 * Ends with the digest of everything that happened; the same seed gives the same one. Fails when a promise was broken.
 */
import "./build-wasm.mjs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { build } from "vite";

const root = path.resolve(import.meta.dirname, "..");
const folder = await mkdtemp(path.join(tmpdir(), "mehr-sim-"));
try {
  await build({
    root,
    configFile: false,
    logLevel: "warn",
    publicDir: false,
    ssr: { noExternal: true },
    build: {
      ssr: "tests/sim/world/command.ts",
      outDir: folder,
      emptyOutDir: true,
      target: "node20",
      minify: false,
      // What is imported while time stands still must be there at once, or it would be there at another moment each time.
      rolldownOptions: { output: { entryFileNames: "sim.mjs", codeSplitting: false } },
    },
  });
  const worker = new Worker(path.join(folder, "sim.mjs"), {
    argv: process.argv.slice(2),
    workerData: { root },
    // A thousand peers take 1.6 GB (measured), and three thousand for a short while should fit. Young objects are many, and most of them
    // die within seconds: with a sixth of this room more of them are copied first, for 3% more processor time at 150 peers (measured).
    resourceLimits: { maxOldGenerationSizeMb: 8_000, maxYoungGenerationSizeMb: 1_536 },
  });
  process.exitCode = await new Promise((resolve, reject) => {
    worker.on("error", reject);
    worker.on("exit", resolve);
  });
} finally {
  await rm(folder, { recursive: true, force: true });
}
