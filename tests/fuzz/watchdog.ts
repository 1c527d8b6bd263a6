/**
 * For the one thing that no count can tell: an input that never comes back. A thread of its own looks whether the run
 * moves on; when it has not for {@link PATIENCE}, it says where the run stands and ends the process.
 */
import { Worker } from "node:worker_threads";

/** Ms. An input takes microseconds; a machine that swaps takes seconds. */
const PATIENCE = 60_000;

const CODE = `
const { workerData } = require("node:worker_threads");
const at = new Int32Array(workerData.shared);
let last = -1;
setInterval(() => {
  const now = Atomics.load(at, 0);
  if (now === last) {
    process.stderr.write("\\nhangs: " + workerData.names[Atomics.load(at, 1)] + ", input " + Atomics.load(at, 2) + ", seed " + workerData.seed + "\\n");
    process.kill(process.pid, "SIGKILL");
  }
  last = now;
}, workerData.patience);
`;

export class Watchdog {
  readonly #at: Int32Array;
  readonly #worker: Worker;

  constructor(names: readonly string[], seed: number) {
    const shared = new SharedArrayBuffer(12);
    this.#at = new Int32Array(shared);
    this.#worker = new Worker(CODE, {
      eval: true,
      workerData: { shared, names, seed, patience: PATIENCE },
      execArgv: [],
    });
    this.#worker.unref();
  }

  /** Called before each input. */
  at(target: number, index: number): void {
    Atomics.store(this.#at, 1, target);
    Atomics.store(this.#at, 2, index);
    Atomics.add(this.#at, 0, 1);
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}
