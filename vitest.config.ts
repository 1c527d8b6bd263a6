import { defineConfig } from "vitest/config";

/**
 * Everything here runs in Node. What needs a page runs in a real browser (tests/browser), so there is no Solid plugin: it
 * would make vitest resolve packages as for a browser, and the relay could not start.
 */
export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    exclude: ["tests/browser/**"],
    environment: "node",
    // js-libp2p calls Promise.withResolvers, which Node 20 lacks.
    setupFiles: ["src/relay/node-shims.ts"],
    // The nodes that the relay's tests start dial with WebSocket, which Node 20 has behind this flag. The relay itself needs none.
    execArgv: ["--experimental-websocket"],
    // Two cores are what the slowest machine that runs this has; more forks only make each of them time out.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
