/** Listeners by event name. A listener that throws is reported and does not keep others from hearing. */
export class Emitter<Events> {
  readonly #listeners = new Map<keyof Events, Set<(detail: never) => void>>();
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  on<K extends keyof Events>(event: K, listener: (detail: Events[K]) => void): () => void {
    let listeners = this.#listeners.get(event);
    if (listeners === undefined) {
      listeners = new Set();
      this.#listeners.set(event, listeners);
    }
    // A wrapper, so that one function can be registered twice and removed once.
    const entry = (detail: Events[K]): void => listener(detail);
    listeners.add(entry);
    return () => {
      listeners.delete(entry);
    };
  }

  emit<K extends keyof Events>(event: K, detail: Events[K]): void {
    // A copy, because a listener may take itself away.
    const listeners = Array.from(this.#listeners.get(event) ?? []);
    for (const listener of listeners) {
      try {
        (listener as (detail: Events[K]) => void)(detail);
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}
