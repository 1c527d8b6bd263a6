/**
 * How much work an input makes, counted and not timed: V8 counts every block of code that runs (the counters behind
 * coverage), which is the same number on a fast and on a slow machine.
 */
import { Session, type Profiler } from "node:inspector";

export class StepCounter {
  readonly #session = new Session();

  /** Starts to count; code that was compiled before is counted as well. */
  start(): void {
    this.#session.connect();
    this.#session.post("Profiler.enable");
    this.#session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  }

  stop(): void {
    this.#session.post("Profiler.stopPreciseCoverage");
    this.#session.disconnect();
  }

  /** Blocks of the product's code that ran since the last call. */
  take(): number {
    let steps = 0;
    let failure: Error | null = null;
    // A session of the own thread answers before `post` returns.
    this.#session.post("Profiler.takePreciseCoverage", (error, { result }) => {
      failure = error;
      for (const script of result ?? []) if (isProduct(script)) steps += blocks(script);
    });
    if (failure !== null) throw failure;
    return steps;
  }
}

function isProduct({ url }: Profiler.ScriptCoverage): boolean {
  return url.includes("/src/") && !url.includes("/node_modules/");
}

function blocks({ functions }: Profiler.ScriptCoverage): number {
  let sum = 0;
  for (const { ranges } of functions) for (const { count } of ranges) sum += count;
  return sum;
}
