import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "tests/browser",
  testMatch: "**/*.spec.ts",
  outputDir: "test-results",
  globalSetup: "./tests/browser/build.ts",
  // A peer is four threads of a browser; two files at once would starve each other on two cores.
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
