import solid from "vite-plugin-solid";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [solid({ hot: false })],
  test: {
    include: ["tests/**/*.test.ts", "tests/**/*.test.tsx"],
    exclude: ["tests/browser/**"],
    environment: "node",
    // js-libp2p calls Promise.withResolvers, which Node 20 lacks.
    setupFiles: ["src/relay/node-shims.ts"],
    // Two cores are what the slowest machine that runs this has; more forks only make each of them time out.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
