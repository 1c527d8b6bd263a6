/**
 * BLAKE3 beside native code: the official C implementation of BLAKE3 with its SSE4.1 assembly and nothing wider, since
 * WebAssembly has vectors of 128 bits only. Needs Node. No package of npm has it and `b3sum` takes the
 * widest vectors it finds, so it is compiled on the spot from the sources where they are.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { blake3 } from "../../src/hash/index.ts";
import { LARGE_BYTES, MEGABYTE, seededBytes, startFastCore } from "./material.ts";
import { measurePaired } from "./paired.ts";
import type { Bench, BenchContext, BenchResult } from "./types.ts";

const run = promisify(execFile);

/** Where Debian's librust-blake3-dev puts `blake3-<version>/c`. */
const DEBIAN_REGISTRY = "/usr/share/cargo/registry";

const SOURCES = [
  "blake3.c",
  "blake3_dispatch.c",
  "blake3_portable.c",
  "blake3_sse2_x86-64_unix.S",
  "blake3_sse41_x86-64_unix.S",
];

/** Hashes argv[1] bytes twice and prints the rate of the second time in MB/s. */
const PROGRAM = `
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "blake3.h"

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
  size_t length = argc == 2 ? strtoull(argv[1], NULL, 10) : 0;
  uint8_t *bytes = malloc(length);
  uint8_t digest[BLAKE3_OUT_LEN];
  double seconds = 0;
  if (length == 0 || bytes == NULL) return 1;
  for (size_t i = 0; i < length; i++) bytes[i] = (uint8_t)((uint32_t)i * 2654435761u >> 24);
  for (int round = 0; round < 2; round++) {
    blake3_hasher hasher;
    double start = now();
    blake3_hasher_init(&hasher);
    blake3_hasher_update(&hasher, bytes, length);
    blake3_hasher_finalize(&hasher, digest, sizeof digest);
    seconds = now() - start;
  }
  printf("%.3f\\n", (double)length / seconds / 1e6);
  free(bytes);
  return 0;
}
`;

interface NativeBlake3 {
  /** Hashes `length` bytes in a process of its own; resolves to MB/s. */
  rate(length: number): Promise<number>;
  remove(): Promise<void>;
}

/** The folder of the C sources: the variable BLAKE3_C, else what Debian installs. */
async function findSources(): Promise<string | null> {
  if (process.env["BLAKE3_C"]) return process.env["BLAKE3_C"];
  const installed = await readdir(DEBIAN_REGISTRY).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const folder = installed.find((name) => /^blake3-\d/.test(name));
  return folder ? path.join(DEBIAN_REGISTRY, folder, "c") : null;
}

/** Compiles the reference, or says what this machine lacks. */
async function buildNativeBlake3(): Promise<NativeBlake3 | { readonly missing: string }> {
  if (process.arch !== "x64") return { missing: `SSE4.1 is of x64, this is ${process.arch}` };
  const sources = await findSources();
  if (!sources) return { missing: "no BLAKE3 C sources (Debian: librust-blake3-dev; or set BLAKE3_C to their folder)" };
  const folder = await mkdtemp(path.join(tmpdir(), "native-blake3-"));
  const remove = () => rm(folder, { recursive: true });
  const program = path.join(folder, "native-blake3");
  const main = `${program}.c`;
  const files = [main, ...SOURCES.map((name) => path.join(sources, name))];
  try {
    await writeFile(main, PROGRAM);
    await run("cc", ["-O3", "-DBLAKE3_NO_AVX2", "-DBLAKE3_NO_AVX512", `-I${sources}`, ...files, "-o", program]);
  } catch (error) {
    await remove();
    return { missing: `the C sources do not compile: ${error instanceof Error ? error.message : String(error)}` };
  }
  const rate = async (length: number) => Number((await run(program, [String(length)])).stdout);
  return { rate, remove };
}

async function benchAgainstNative(context: BenchContext): Promise<BenchResult[]> {
  await startFastCore();
  const bytes = seededBytes(LARGE_BYTES);
  const name = "BLAKE3 of 64 MB beside native code";
  // The second time of two, as in the native program: the first finds the caches as the other process left them.
  const ownRate = () => {
    blake3(bytes);
    const start = context.now();
    blake3(bytes);
    return (LARGE_BYTES / MEGABYTE / (context.now() - start)) * 1000;
  };
  const native = await buildNativeBlake3();
  if ("missing" in native) {
    const value = ownRate();
    context.log(`${name}: no reference, ${native.missing}`);
    return [{ name, value, unit: "MB/s", reference: `none: ${native.missing}`, ratio: 0, target: 0.75, ok: false }];
  }
  try {
    const result = await measurePaired(context, {
      name,
      unit: "MB/s",
      reference: "official C implementation, SSE4.1 only, one thread:",
      target: 0.75,
      rounds: 9,
      subject: { rate: ownRate },
      against: { rate: () => native.rate(LARGE_BYTES) },
    });
    return [result];
  } finally {
    await native.remove();
  }
}

export const benches: Bench[] = [{ name: "hash-native", run: benchAgainstNative }];
