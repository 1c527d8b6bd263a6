/** Builds for the root of a site, unless that is what dist/ holds already. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { isBuilt } from "./fingerprint.mjs";

export async function ensureBuild() {
  if (await isBuilt("/")) return;
  console.log("Building the app and the relay.");
  // A process of its own: Vite's plugins keep state, and memory, that nobody needs after the build.
  execFileSync(process.execPath, [fileURLToPath(new URL("build.mjs", import.meta.url))], { stdio: "inherit" });
}
