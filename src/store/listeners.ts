import type { StoreChange } from "./port.ts";

export type ChangeListener = (change: StoreChange) => void;

export const NO_CHANGE: StoreChange = {
  envelopes: [],
  removedEnvelopes: [],
  objects: [],
  removedObjects: [],
  heads: [],
  outboxPut: [],
  outboxRemoved: [],
  drafts: [],
  settings: [],
};

/** Those who asked to hear of commits. */
export class Listeners {
  readonly #listeners = new Set<ChangeListener>();

  add(listener: ChangeListener): () => void {
    // A fresh function each time, so that one listener added twice is two subscriptions.
    const subscription: ChangeListener = (change) => listener(change);
    this.#listeners.add(subscription);
    return () => {
      this.#listeners.delete(subscription);
    };
  }

  tell(change: StoreChange): void {
    if (Object.values(change).every((part: readonly unknown[]) => part.length === 0)) return;
    for (const listener of this.#listeners) {
      try {
        listener(change);
      } catch (fault) {
        // The commit is durable whatever its listeners do; the fault surfaces as the uncaught error it is.
        queueMicrotask(() => {
          throw fault;
        });
      }
    }
  }
}
