/** One measured figure beside the figure it is compared with, both taken in the same run. */
export interface BenchResult {
  name: string;
  /** The measured figure, in `unit`. */
  value: number;
  unit: string;
  /** What it was compared with, with that figure: "hash-wasm 412 MB/s". */
  reference: string;
  /** `value` over the reference, so that machines of different speed give comparable figures. */
  ratio: number;
  /** The bound that `ratio` (or, for absolute figures, `value`) has to keep. */
  target: number;
  ok: boolean;
}

/**
 * Where a bench runs. The harness passes one; a bench that needs more than an environment-neutral clock says so by its name.
 */
export interface BenchContext {
  /** Monotonic milliseconds, normally `performance.now`. */
  now(): number;
  /** One line of progress for the person who waits. */
  log(line: string): void;
  signal?: AbortSignal;
}

export interface Bench {
  name: string;
  run(context: BenchContext): Promise<BenchResult[]>;
}
