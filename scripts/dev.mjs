/**
 * `npm run dev`: the app from its sources with reload on change, and a relay beside it.
 * There is no service worker here, and no content security policy: `npm start` has both.
 */
import "./build-wasm.mjs";
import { createServer } from "vite";

const root = new URL("../", import.meta.url).pathname;

const tools = await createServer({
  root,
  configFile: false,
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  // Nothing of this server goes to a browser.
  optimizeDeps: { noDiscovery: true },
  appType: "custom",
});
const { startRelay } = await tools.ssrLoadModule("/src/relay/index.ts");
const relay = await startRelay({ log: (message) => console.error(message) });

const app = await createServer({
  root,
  server: { host: "127.0.0.1", port: 5173 },
  plugins: [
    {
      name: "mehr:site-config",
      configureServer(server) {
        server.middlewares.use("/config.json", (_, response) => {
          response.setHeader("content-type", "application/json");
          response.end(JSON.stringify({ relays: [relay.relayUrl] }));
        });
      },
    },
  ],
});
await app.listen();
app.printUrls();

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void stop());

async function stop() {
  await Promise.all([app.close(), tools.close(), relay.stop()]);
  process.exit(0);
}
