/** `npm start`: builds if the sources have changed, then serves the app and the relay on one port. */
import { ensureBuild } from "./ensure-build.mjs";

const asksForHelp = process.argv.some((argument) => argument === "--help" || argument === "-h");
if (!asksForHelp) await ensureBuild();
await import("../dist/relay/main.js");
