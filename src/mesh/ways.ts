/** Several ways to one peer: the next one is tried when the last one fails, or takes longer than it usually does. */
import { MeshError } from "./errors.ts";
import { reasonOf, type Clock } from "./protocols/clock.ts";

export type Way = (signal: AbortSignal) => Promise<unknown>;

/** A dial through a relay takes 0.2 to 0.8 s (measured); a slow one goes on beside the next way. */
const HEAD_START = 2_500;

/**
 * Resolves with the first way that leads there; the others are given up then.
 * @throws the error of the last way that failed, MeshError `UNREACHABLE` without any way, or the signal's reason
 */
export async function firstWay(ways: readonly Way[], clock: Clock, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const attempt = new AbortController();
  const waiting = [...ways];
  let cancel = (): void => undefined;
  const onAbort = (): void => attempt.abort(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      let underWay = 0;
      const next = (): void => {
        cancel();
        const way = waiting.shift();
        if (way === undefined) return;
        underWay += 1;
        way(attempt.signal).then(
          () => resolve(),
          (error: unknown) => {
            underWay -= 1;
            if (waiting.length > 0) next();
            else if (underWay === 0) reject(error instanceof Error ? error : new Error(String(error)));
          },
        );
        if (waiting.length > 0) cancel = clock.after(HEAD_START, next);
      };
      attempt.signal.addEventListener("abort", () => reject(reasonOf(attempt.signal)), { once: true });
      if (waiting.length === 0) reject(new MeshError("UNREACHABLE", "No relay is connected, and no neighbour."));
      else next();
    });
  } finally {
    cancel();
    signal.removeEventListener("abort", onAbort);
    attempt.abort(new MeshError("UNREACHABLE", "Another way led there."));
  }
}
