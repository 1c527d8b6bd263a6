import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Rooms that keep nothing between tests but what is made once: each worker loads the modules of their files once, not for each file anew. */
const SHARING = ["peer", "social", "wire"].map((room) => `tests/${room}/**/*.test.ts`);

/** Rooms whose files take 10 to 30 s each, far longer than any other: one that begins last leaves a core idle. */
const LONG = /\/tests\/(sim|fuzz|hostile)\//;

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => LONG.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

/**
 * Everything here runs in Node. What needs a page runs in a real browser (tests/browser), so there is no Solid plugin: it
 * would make vitest resolve packages as for a browser, and the relay could not start.
 */
export default defineConfig({
  test: {
    environment: "node",
    // js-libp2p calls Promise.withResolvers, which Node 20 lacks.
    setupFiles: ["src/relay/node-shims.ts"],
    // The nodes that the relay's tests start dial with WebSocket, which Node 20 has behind this flag. The relay itself needs none.
    execArgv: ["--experimental-websocket"],
    // Two cores are what the slowest machine that runs this has; more forks only make each of them time out.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    sequence: { sequencer: LongFirst },
    projects: [
      {
        extends: true,
        test: { name: "apart", include: ["tests/**/*.test.ts"], exclude: ["tests/browser/**", ...SHARING] },
      },
      { extends: true, test: { name: "sharing", include: SHARING, isolate: false, restoreMocks: true } },
    ],
  },
});
