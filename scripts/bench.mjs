/** `npm run bench -- [NAME...]`: tests/bench/run.ts, which Node 20 cannot load by itself. */
import "./build-wasm.mjs";
import { createServer } from "vite";

// What is measured is built as it is shipped; Vite's server would otherwise make all builds of this process ones for development.
process.env.NODE_ENV = "production";

const vite = await createServer({
  root: new URL("../", import.meta.url).pathname,
  configFile: false,
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
  appType: "custom",
});
try {
  await vite.ssrLoadModule("/src/relay/node-shims.ts");
  const { run } = await vite.ssrLoadModule("/tests/bench/run.ts");
  const met = await run(process.argv.slice(2));
  process.exitCode = met ? 0 : 1;
} finally {
  await vite.close();
}
// Some module leaves a port open, for which Node would wait for ever.
process.exit();
