/** `npm run soak [-- MINUTES]`: tests/browser/soak.spec.ts for half an hour, or for as long as is said. */
import { spawn } from "node:child_process";
import path from "node:path";
import { ensureChromium } from "./chromium.mjs";

const root = new URL("../", import.meta.url).pathname;
const minutes = process.argv[2] ?? "30";
if (!/^\d+$/.test(minutes)) throw new Error(`minutes are a whole number, not ${minutes}`);

const playwright = path.join(root, "node_modules", ".bin", "playwright");
const child = spawn(playwright, ["test", "tests/browser/soak.spec.ts"], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, CHROMIUM_PATH: await ensureChromium(), SOAK_MINUTES: minutes },
});
child.on("exit", (code) => {
  process.exitCode = code ?? 1;
});
