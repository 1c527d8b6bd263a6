/**
 * Compiles the BLAKE3 core to WebAssembly and writes it as a TypeScript module, `src/hash/core/core.wasm.ts`
 * (not committed). Does nothing when that module was made from the same sources by the same compiler:
 * a compilation takes seconds, the comparison milliseconds.
 */
import { createHash } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const root = new URL("../", import.meta.url);
const coreFile = new URL("src/hash/core/blake3.ts", root);
const generatorFile = new URL("scripts/blake3-core.mjs", root);
const outputFile = new URL("src/hash/core/core.wasm.ts", root);

/**
 * The stub runtime: the core never allocates. Four pages hold its fixed buffers (128 KiB of input and tables).
 * `converge` repeats the optimiser until nothing changes.
 */
const COMPILER_FLAGS =
  "--runtime stub --enable simd --initialMemory 4 --maximumMemory 4 --optimizeLevel 3 --shrinkLevel 0 --converge --noAssert";

async function compile(coreSource) {
  const { default: asc } = await import("assemblyscript/asc");
  const { fourLaneSource } = await import(generatorFile.href);
  const sources = new Map([
    ["blake3.ts", coreSource],
    ["four.ts", fourLaneSource()],
  ]);
  let binary;
  const { error } = await asc.main(["blake3.ts", "--outFile", "core.wasm", ...COMPILER_FLAGS.split(" ")], {
    readFile: (name) => sources.get(name) ?? null,
    writeFile: (name, contents) => {
      if (name === "core.wasm") binary = contents;
    },
    listFiles: () => [],
    stderr: process.stderr,
  });
  if (error || !binary) throw new Error("The BLAKE3 core does not compile", { cause: error });
  return binary;
}

const coreSource = await readFile(coreFile, "utf8");
const compilerPackage = new URL("node_modules/assemblyscript/package.json", root);
const { version } = JSON.parse(await readFile(compilerPackage, "utf8"));
const fingerprint = createHash("sha256")
  .update(JSON.stringify([version, COMPILER_FLAGS, coreSource, await readFile(generatorFile, "utf8")]))
  .digest("hex");
const header = `// Made by scripts/build-wasm.mjs from blake3.ts; fingerprint ${fingerprint}\n`;

const present = await readFile(outputFile, "utf8").catch((error) => {
  if (error.code === "ENOENT") return "";
  throw error;
});
if (!present.startsWith(header)) {
  const binary = await compile(coreSource);
  const module = `${header}export const coreWasmBase64 =\n  "${Buffer.from(binary).toString("base64")}";\n`;
  // Written aside and moved into place: a build that runs at the same time never reads half a module.
  const aside = new URL(`${outputFile.href}.${process.pid}`);
  await writeFile(aside, module);
  await rename(aside, outputFile);
  console.log(`${fileURLToPath(outputFile)}: ${binary.length} bytes of WebAssembly`);
}
