/** The browser's end of the harness: answers one call of an export, or of a bench by its name. */
import type { Bench, BenchContext } from "./types.ts";

interface Call {
  readonly exportName: string;
  readonly args: unknown;
}

type Measure = (args: unknown, context: BenchContext) => unknown;

export function serveBench(subject: Readonly<Record<string, unknown>>): void {
  const context: BenchContext = {
    now: () => performance.now(),
    log: (line) => self.postMessage({ log: line }),
  };
  self.addEventListener("message", ({ data }: MessageEvent<Call>) => {
    answer(subject, data, context).then(
      (result) => self.postMessage({ result }),
      (error: unknown) =>
        self.postMessage({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
}

async function answer(
  subject: Readonly<Record<string, unknown>>,
  { exportName, args }: Call,
  context: BenchContext,
): Promise<unknown> {
  const value = subject[exportName];
  if (exportName === "benches") {
    const bench = (value as readonly Bench[]).find(({ name }) => name === args);
    if (bench === undefined) throw new Error(`there is no bench ${String(args)}`);
    return bench.run(context);
  }
  if (typeof value !== "function") throw new Error(`there is no function ${exportName}`);
  return (value as Measure)(args, context);
}
