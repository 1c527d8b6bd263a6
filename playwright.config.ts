import { defineConfig } from "@playwright/test";

/** Stories of a page or two that ask little of a machine: `npm test` runs two files of them at once. */
const PAGES = [
  "accessibility-en",
  "accessibility-fa",
  "api",
  "composer",
  "diagnostics",
  "failures",
  "full-storage",
  "hostile-text",
  "identity",
  "keyboard",
  "motion",
  "no-third-party",
  "policy",
  "pwa",
  "rpc",
  "server",
  "service-worker",
  "share",
  "store",
  "store-kill",
  "store-quota",
  "threads",
].map((name) => `**/${name}.spec.ts`);

/** Stories of two or three peers that wait for each other more than they compute: two files at once as well. */
const PAIRS = [
  "arriving",
  "block",
  "curation",
  "devices",
  "feeds",
  "finding",
  "inbox",
  "invite",
  "join",
  "keys",
  "kinds",
  "late-joiner",
  "low-data",
  "mesh",
  "mutes",
  "offline",
  "post-and-read",
  "promotion",
  "reading",
  "replies",
  "search",
  "serverless",
  "trust",
  "twins",
  "two-processes",
].map((name) => `**/${name}.spec.ts`);

export default defineConfig({
  testDir: "tests/browser",
  projects: [
    { name: "pages", testMatch: PAGES },
    { name: "pairs", testMatch: PAIRS },
    { name: "peers", testMatch: "**/*.spec.ts", testIgnore: [...PAGES, ...PAIRS] },
  ],
  outputDir: "test-results",
  globalSetup: "./tests/browser/build.ts",
  // A peer is four threads of a browser; two files of many peers at once would starve each other on two cores.
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
