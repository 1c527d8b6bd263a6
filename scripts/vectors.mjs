/**
 * Writes docs/vectors.json from the code as it is: `node scripts/vectors.mjs`. tests/wire/vectors.test.ts fails when
 * the two differ, so a change of the protocol cannot go unnoticed.
 */
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
const { module } = await runnerImport("./tests/wire/vectors.ts", { root, configFile: false, logLevel: "error" });
await writeFile(new URL("../docs/vectors.json", import.meta.url), await module.vectorsText());
