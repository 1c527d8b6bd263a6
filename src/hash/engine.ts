/**
 * The port behind which BLAKE3 is computed. Two implementations: WebAssembly SIMD and portable TypeScript;
 * `tests/hash/engine.test.ts` is the suite that both must pass. Which one is in use may change from portable to
 * Wasm once, when `initHash` resolves; both give the same values, so work under way simply goes on.
 */
export interface TreeEngine {
  readonly name: "wasm-simd" | "portable";
  /** The largest subtree of one call in bytes: a power of two, at least one group. */
  readonly maxSubtree: number;
  /**
   * Chaining value of at most `maxSubtree` bytes as one subtree whose first chunk has the absolute index
   * `firstChunk`; with `root`, the root hash instead (the two differ, also over the same bytes).
   * Written to `out` (32 bytes; fresh by default), which is returned: to make an array costs as much as to hash a block.
   */
  subtree(bytes: Uint8Array, firstChunk: number, root: boolean, out?: Uint8Array): Uint8Array;
  /** Chaining values of the groups in at most `maxSubtree` bytes, 32 bytes each, in order. */
  groups(bytes: Uint8Array, firstChunk: number): Uint8Array;
  /** Chaining value, or root hash, of the parent whose node is these 64 bytes. `out` as in `subtree`. */
  parent(node: Uint8Array, root: boolean, out?: Uint8Array): Uint8Array;
}
