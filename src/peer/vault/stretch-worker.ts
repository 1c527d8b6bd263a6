import { PeerError } from "../errors.ts";
import type { Cost, Stretch } from "./stretch.ts";

/** What a stretching worker is asked, once. */
export interface StretchRequest {
  readonly passphrase: Uint8Array;
  readonly salt: Uint8Array;
  readonly cost: Cost;
}

/** What it answers; `null` when it could not. */
export type StretchAnswer = Uint8Array | null;

/** What is needed of a `Worker`. */
export interface StretchWorker {
  postMessage(request: StretchRequest): void;
  addEventListener(type: "message", listener: (event: { readonly data: StretchAnswer }) => void): void;
  addEventListener(type: "error" | "messageerror", listener: () => void): void;
  terminate(): void;
}

/**
 * Argon2id in a worker of its own for each passphrase: it keeps one thread busy for a second, and what it filled of the
 * memory goes with it.
 */
export function stretchInWorker(spawn: () => StretchWorker): Stretch {
  return (passphrase, salt, cost, signal) =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const worker = spawn();
      const end = (): void => {
        worker.terminate();
        signal?.removeEventListener("abort", onAbort);
      };
      const fail = (): void => {
        end();
        reject(new PeerError("STRETCH_FAILED", "The browser had no memory for the passphrase's key."));
      };
      const onAbort = (): void => {
        end();
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", onAbort);
      worker.addEventListener("error", fail);
      worker.addEventListener("messageerror", fail);
      worker.addEventListener("message", ({ data }) => {
        if (data === null) return fail();
        end();
        resolve(data);
      });
      worker.postMessage({ passphrase, salt, cost });
    });
}
