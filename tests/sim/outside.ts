/** What is done outside of virtual time without anybody announcing it: WebCrypto and blobs work in other threads. */
import type { VirtualClock } from "./clock.ts";

type Call = (this: unknown, ...args: unknown[]) => Promise<unknown>;

/** Those that seal a file and read it. */
const CALLS: readonly (readonly [object, string])[] = [
  [Object.getPrototypeOf(crypto.subtle) as object, "importKey"],
  [Object.getPrototypeOf(crypto.subtle) as object, "encrypt"],
  [Object.getPrototypeOf(crypto.subtle) as object, "decrypt"],
  [Blob.prototype, "arrayBuffer"],
];

/**
 * Time stands still while such work is under way, however long it takes on a busy machine; otherwise minutes of virtual time
 * would pass meanwhile.
 * @returns lets time pass again
 */
export function trackOutside(clock: VirtualClock): () => void {
  const undone = CALLS.map(([owner, name]) => {
    const known = Object.getOwnPropertyDescriptor(owner, name) as PropertyDescriptor;
    const call = known.value as Call;
    const value: Call = function (...args) {
      return clock.track(call.apply(this, args));
    };
    Object.defineProperty(owner, name, { ...known, value });
    return () => Object.defineProperty(owner, name, known);
  });
  return () => {
    for (const undo of undone) undo();
  };
}
