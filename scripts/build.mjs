/**
 * Builds everything into dist/: the app and its service worker (dist/app), the relay as one file for Node (dist/relay).
 *
 *   npm run build                    for the root of a site
 *   npm run build -- --base /mehr/   for a path of one
 */
import { writeFile } from "node:fs/promises";
import { builtinModules } from "node:module";
import { parseArgs } from "node:util";
import { build } from "vite";
import { compress } from "./compress.mjs";
import { fingerprint, stampFile } from "./fingerprint.mjs";

const root = new URL("../", import.meta.url).pathname;

const { values } = parseArgs({ options: { base: { type: "string", default: "/" } } });

await import("./build-wasm.mjs");
const sources = await fingerprint(values.base);

process.env.MEHR_BASE = values.base;
await build({ root, logLevel: "warn" });
await compress(`${root}dist/app`);
await build(relayConfig());
await writeFile(stampFile, sources);

/**
 * The relay with all that it needs in one file, so that it runs where there is no node_modules. One file also keeps the
 * order of the modules: the shim that js-libp2p needs on Node 20 runs before js-libp2p does.
 * @returns {import("vite").InlineConfig}
 */
function relayConfig() {
  return {
    root,
    configFile: false,
    logLevel: "warn",
    publicDir: false,
    ssr: { noExternal: true, target: "node" },
    build: {
      ssr: "src/relay/main.ts",
      outDir: "dist/relay",
      target: "node20",
      minify: false,
      rolldownOptions: {
        // `ws` tries these two native parts and does without them.
        external: [...builtinModules, /^node:/, "bufferutil", "utf-8-validate"],
        output: { format: "es", entryFileNames: "main.js", codeSplitting: false },
      },
    },
  };
}
