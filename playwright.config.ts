import { defineConfig } from "@playwright/test";

/** Stories of six and more peers, or of bounds in milliseconds: one file at a time, as two would starve each other on two cores. */
const CROWDS = ["hostile-peers", "serverless", "soak", "town"].map((name) => `**/${name}.spec.ts`);

/**
 * Stories that wait for much of their time: for minutes of the protocol to pass, with a quarter of a processor, or for a frozen tab, a full
 * disk, what a browser finds out about its network, dialogs one after another, with a half (measured). A place of their own keeps none waiting.
 */
const PATIENT = [
  "accessibility-states",
  "diagnostics",
  "full-storage",
  "low-data",
  "slow-link",
  "tabs-frozen",
  "twins",
].map((name) => `**/${name}.spec.ts`);

export default defineConfig({
  testDir: "tests/browser",
  projects: [
    // One page, or two to four peers that wait for each other more than they compute: two files at once, where three starve.
    { name: "stories", testIgnore: [...CROWDS, ...PATIENT], workers: 2 },
    { name: "patient", testMatch: PATIENT, workers: 1 },
    { name: "crowds", testMatch: CROWDS, workers: 1 },
  ],
  outputDir: "test-results",
  globalSetup: "./tests/browser/build.ts",
  workers: 1,
  fullyParallel: false,
  // A test that fails now and then is a fault, not bad luck.
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 30_000 },
  reporter: "list",
  use: { actionTimeout: 30_000, navigationTimeout: 30_000 },
});
