/** Which of the two implementations of BLAKE3 is in use. */
import type { TreeEngine } from "./engine.ts";
import { portableEngine } from "./portable.ts";
import { loadWasmEngine, simdSupported } from "./wasm.ts";

/** Which implementation runs and, where it is not the fast one, why. */
export interface HashStatus {
  readonly engine: TreeEngine["name"];
  readonly reason: string | null;
}

let current: TreeEngine = portableEngine;
let reason: string | null = "initHash has not resolved yet";
let starting: Promise<void> | undefined;

export function currentEngine(): TreeEngine {
  return current;
}

export function hashStatus(): HashStatus {
  return { engine: current.name, reason };
}

/**
 * Compiles and warms the WebAssembly core; every later call returns the same promise. Never rejects: where
 * WebAssembly SIMD is missing or forbidden (a CSP without `wasm-unsafe-eval`) the portable implementation
 * stays in use and `hashStatus` says why.
 */
export function initHash(): Promise<void> {
  starting ??= start();
  return starting;
}

async function start(): Promise<void> {
  if (!simdSupported()) {
    reason = "WebAssembly SIMD is not supported here";
    return;
  }
  try {
    current = await loadWasmEngine();
    reason = null;
  } catch (error) {
    reason = `the WebAssembly core did not load: ${String(error)}`;
  }
}
