/** An EventTarget whose `on…` attributes work as they do on the platform's own objects. */

type Listener = (event: Event) => void;

export class AttributeEventTarget extends EventTarget {
  readonly #attributes = new Map<string, Listener>();

  protected attribute(type: string): Listener | null {
    return this.#attributes.get(type) ?? null;
  }

  protected setAttribute(type: string, listener: unknown): void {
    const previous = this.#attributes.get(type);
    if (previous !== undefined) {
      this.removeEventListener(type, previous);
      this.#attributes.delete(type);
    }
    if (typeof listener === "function") {
      // Bound to this target, as `onmessage` handlers may use `this`.
      const bound: Listener = (event) => {
        listener.call(this, event);
      };
      this.#attributes.set(type, bound);
      this.addEventListener(type, bound);
    }
  }
}

/** Gives a class accessors `onX` for each event type. */
export function defineEventAttributes(prototype: AttributeEventTarget, types: readonly string[]): void {
  for (const type of types) {
    Object.defineProperty(prototype, `on${type}`, {
      configurable: true,
      get(this: AttributeEventTarget) {
        return this["attribute"](type);
      },
      set(this: AttributeEventTarget, listener: unknown) {
        this["setAttribute"](type, listener);
      },
    });
  }
}

/** An event that carries the named properties, where the platform's own event class exists in windows only. */
export function eventWith(type: string, properties: Record<string, unknown>): Event {
  return Object.assign(new Event(type), properties);
}
