/** The server as a person starts it. */
import { spawn } from "node:child_process";
import path from "node:path";
import { expect, test } from "./fixtures.ts";

const PROGRAM = path.resolve(import.meta.dirname, "../../dist/relay/main.js");

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs the server; when it has said `stopAt`, sends `signal`. */
function start(args: readonly string[], stopAt?: RegExp, signal: NodeJS.Signals = "SIGTERM"): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const hear = (chunk: Buffer): void => {
      output += chunk.toString();
      if (stopAt?.test(output) !== true || child.killed) return;
      child.kill(signal);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output }));
  });
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  test(`stops in order at ${signal}`, async () => {
    const { code, output } = await start(["--port", "0"], /relay listens at ws:\S+\n/, signal);
    expect(output).toMatch(/^Mehr is served at http:\/\/127\.0\.0\.1:\d+\/\n/);
    expect(output).not.toContain("https");
    expect(code).toBe(0);
  });
}

test("says that other machines need https when it listens for them", async () => {
  const { output } = await start(["--port", "0", "--host", "0.0.0.0"], /docs\/hosting\.md/);
  expect(output).toContain("service workers and WebCrypto to https and to localhost only");
});

test("says which port is taken, and what to do", async ({ server }) => {
  const { code, output } = await start(["--port", new URL(server.url).port]);
  expect(output).toMatch(/^Port \d+ of 127\.0\.0\.1 is taken: choose another with --port\.\n$/);
  expect(code).toBe(1);
});

test("explains itself", async () => {
  const { code, output } = await start(["--help"]);
  expect(output).toContain("--identity FILE");
  expect(code).toBe(0);
});
