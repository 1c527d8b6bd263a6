/** `npm run bench -- [NAME...]`: tests/bench/run.ts, which Node 20 cannot load by itself. */
import "./build-wasm.mjs";
import { createServer } from "vite";

const vite = await createServer({
  root: new URL("../", import.meta.url).pathname,
  configFile: false,
  server: { middlewareMode: true, hmr: false, watch: null },
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
