/**
 * `npm test`: everything that this project checks about itself, in the order in which faults are cheapest to find.
 * All stages run whatever the ones before them said. The last line counts the tests of both kinds:
 * a stage that fails without naming a test counts as one failure.
 */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { ensureChromium } from "./chromium.mjs";
import { ensureBuild } from "./ensure-build.mjs";

const root = new URL("../", import.meta.url).pathname;
const bin = (name) => path.join(root, "node_modules", ".bin", name);
const reports = await mkdtemp(path.join(tmpdir(), "mehr-test-"));
const unitReport = path.join(reports, "unit.json");
const browserReport = (name) => path.join(reports, `browser-${name}.json`);
/** Of all projects together. */
const MOST_WORKERS = 3;

/**
 * @typedef {{ passed: number, failed: number, faults: string[] }} Counts `faults`: which failed, and why in a few lines
 * @type {{ name: string, run: () => Promise<unknown>, counts?: () => Promise<Counts> }[]}
 */
const STAGES = [
  { name: "wasm", run: () => run(process.execPath, ["scripts/build-wasm.mjs"]) },
  {
    name: "types",
    run: async () => {
      await run(bin("tsc"), ["-p", "tsconfig.json"]);
      await run(bin("tsc"), ["-p", "tsconfig.service.json"]);
    },
  },
  { name: "lint", run: () => run(bin("oxlint"), []) },
  { name: "format", run: () => run(bin("oxfmt"), ["--check"]) },
  {
    name: "unit tests",
    run: () => run(bin("vitest"), ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${unitReport}`]),
    counts: async () => {
      const { numPassedTests, numFailedTests, testResults } = JSON.parse(await readFile(unitReport, "utf8"));
      const faults = testResults.flatMap(({ assertionResults, message, name, status }) => {
        const failed = assertionResults.filter((each) => each.status === "failed");
        // A file that could not be loaded has no results.
        if (failed.length === 0 && status === "failed") return [faultOf(path.relative(root, name), message)];
        return failed.map(({ failureMessages, fullName }) => faultOf(fullName, failureMessages[0]));
      });
      return { passed: numPassedTests, failed: numFailedTests, faults };
    },
  },
  { name: "build", run: ensureBuild },
  browserStage("stories", ["stories", "patient"]),
  browserStage("crowds", ["crowds"]),
];

const total = { passed: 0, failed: 0 };
const lines = [];
/** Told again at the end: what is above them is long, and the log of a machine far away is often cut. */
const faults = [];
for (const { name, run: start, counts } of STAGES) {
  console.log(`\n== ${name}`);
  const begun = performance.now();
  let error = null;
  try {
    await start();
  } catch (cause) {
    error = cause;
    console.error(cause.message);
  }
  const seconds = ((performance.now() - begun) / 1_000).toFixed(1);
  const counted = await countsOf(counts);
  if (error !== null && counted.failed === 0) counted.failed = 1;
  total.passed += counted.passed;
  total.failed += counted.failed;
  faults.push(...counted.faults);
  lines.push(`${error === null ? "ok    " : "FAILED"}  ${seconds.padStart(6)} s  ${name}`);
}
await rm(reports, { recursive: true });

for (const fault of faults) console.log(`\nFAILED  ${fault}`);
console.log(`\n${lines.join("\n")}\n`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;

/** The browser tests of these projects at once; playwright.config.ts says how many files of each. */
function browserStage(name, projects) {
  return {
    name: `browser tests: ${name}`,
    run: async () => {
      const CHROMIUM_PATH = await ensureChromium();
      console.log(`with ${CHROMIUM_PATH}`);
      // A folder each: Playwright empties it, and with it what the stage before has to say of its failures.
      const output = `--output=test-results/${name}`;
      const chosen = projects.map((project) => `--project=${project}`);
      const args = ["test", ...chosen, `--workers=${MOST_WORKERS}`, output, "--reporter=list,json"];
      await run(bin("playwright"), args, { CHROMIUM_PATH, PLAYWRIGHT_JSON_OUTPUT_FILE: browserReport(name) });
    },
    counts: async () => {
      const { errors, stats, suites } = JSON.parse(await readFile(browserReport(name), "utf8"));
      // A file that could not be loaded has no tests.
      const faults = [
        ...errors.map(({ message }) => faultOf(`browser tests: ${name}`, message)),
        ...suites.flatMap(faultsIn),
      ];
      // A test that passed at the second attempt failed once. There are no second attempts; this keeps it so.
      return { passed: stats.expected, failed: stats.unexpected + stats.flaky, faults };
    },
  };
}

/** @returns {string[]} of a suite of browser tests and those in it */
function faultsIn({ specs = [], suites = [] }) {
  const own = specs.flatMap(({ file, line, tests, title }) =>
    tests.flatMap(({ results }) =>
      results
        .filter(({ status }) => status !== "passed" && status !== "skipped")
        .map(({ error }) => faultOf(`${file}:${error?.location?.line ?? line} ${title}`, error?.message)),
    ),
  );
  return [...own, ...suites.flatMap(faultsIn)];
}

/** The name, and the first lines of the message without its colours. */
function faultOf(name, message = "no message") {
  const plain = message.replaceAll(new RegExp(`${String.fromCodePoint(27)}\\[[\\d;]*m`, "gu"), "");
  const told = plain.split("\n").filter((line) => line.trim() !== "");
  return [name, ...told.slice(0, 6).map((line) => `        ${line.slice(0, 300)}`)].join("\n");
}

async function countsOf(counts) {
  if (counts === undefined) return { passed: 0, failed: 0, faults: [] };
  try {
    return await counts();
  } catch (error) {
    // The runner ended before it wrote a report; the stage has failed then, and is counted as such.
    console.error(`no report: ${error.message}`);
    return { passed: 0, failed: 1, faults: [] };
  }
}

/** @throws when the program fails, after its output has been shown */
function run(program, args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: "inherit", env: { ...process.env, ...env } });
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${[path.basename(program), ...args.slice(0, 1)].join(" ")} ended with ${signal ?? code}`));
    });
  });
}
