import { MeshError } from "../errors.ts";

/** Time as the protocols see it; the simulator brings a virtual one. */
export interface Clock {
  /** Milliseconds since 1970 UTC. */
  now(): number;
  /** Runs `task` once, `ms` milliseconds from now; the returned function cancels it and may be called at any time. */
  after(ms: number, task: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, task) {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
};

/** Resolves after `ms`. @throws the signal's reason when that comes first */
export async function pause(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const abort = (): void => {
      cancel();
      reject(reasonOf(signal));
    };
    const cancel = clock.after(ms, () => {
      signal?.removeEventListener("abort", abort);
      resolve();
    });
    signal?.addEventListener("abort", abort, { once: true });
  });
}

/**
 * Runs `task` with a signal that fires after `ms`, or together with `outer`.
 * @throws MeshError `TIMEOUT`, the reason of `outer`, or what `task` throws
 */
export async function withDeadline<Value>(
  clock: Clock,
  ms: number,
  outer: AbortSignal | undefined,
  task: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  outer?.throwIfAborted();
  const own = new AbortController();
  const cancel = clock.after(ms, () => own.abort(new MeshError("TIMEOUT", `No answer within ${ms} ms.`)));
  const forward = (): void => own.abort(outer?.reason);
  outer?.addEventListener("abort", forward, { once: true });
  try {
    return await task(own.signal);
  } finally {
    cancel();
    outer?.removeEventListener("abort", forward);
  }
}

/** What to throw for an aborted signal: `reason` may be anything, but only errors are thrown here. */
export function reasonOf(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason : new DOMException("The operation was aborted.", "AbortError");
}

/** Settles like `promise`, or rejects with the signal's reason when that fires first. */
export async function abortable<Value>(promise: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (signal === undefined) return promise;
  if (signal.aborted) {
    // It may reject although nobody waits for it any more.
    promise.catch(() => undefined);
    signal.throwIfAborted();
  }
  return new Promise<Value>((resolve, reject) => {
    const abort = (): void => reject(reasonOf(signal));
    signal.addEventListener("abort", abort, { once: true });
    const end = (): void => signal.removeEventListener("abort", abort);
    promise.then(
      (value) => {
        end();
        resolve(value);
      },
      (error: unknown) => {
        end();
        reject(error);
      },
    );
  });
}
