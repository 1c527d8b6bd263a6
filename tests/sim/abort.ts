/**
 * AbortController as the specification has it, as far as peers use it. Node's own are event targets with all that belongs
 * to those, and take a tenth of the time of a run (measured), since every frame has a deadline.
 */
type Listener = (event?: unknown) => void;

class LightSignal {
  aborted = false;
  reason: unknown = undefined;
  #listeners: Listener[] | null = null;

  static any(signals: readonly LightSignal[]): LightSignal {
    const joined = new LightSignal();
    for (const signal of signals) {
      if (signal.aborted) joined.fire(signal.reason);
      else signal.addEventListener("abort", () => joined.fire(signal.reason));
    }
    return joined;
  }

  static abort(reason?: unknown): LightSignal {
    const signal = new LightSignal();
    signal.fire(reason);
    return signal;
  }

  addEventListener(_name: "abort", listener: Listener): void {
    if (this.aborted) return;
    if (this.#listeners === null) this.#listeners = [listener];
    else if (!this.#listeners.includes(listener)) this.#listeners.push(listener);
  }

  removeEventListener(_name: "abort", listener: Listener): void {
    const at = this.#listeners?.indexOf(listener) ?? -1;
    if (at >= 0) this.#listeners?.splice(at, 1);
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason;
  }

  fire(reason: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason ?? new DOMException("This operation was aborted", "AbortError");
    const listeners = this.#listeners ?? [];
    this.#listeners = null;
    for (const listener of listeners) listener();
  }
}

class LightController {
  readonly signal = new LightSignal();

  abort(reason?: unknown): void {
    this.signal.fire(reason);
  }
}

/** Until the returned function is called, signals of this thread are these. */
export function lightAborts(): () => void {
  const { AbortController: controller, AbortSignal: signal } = globalThis;
  Object.assign(globalThis, { AbortController: LightController, AbortSignal: LightSignal });
  return () => {
    Object.assign(globalThis, { AbortController: controller, AbortSignal: signal });
  };
}
