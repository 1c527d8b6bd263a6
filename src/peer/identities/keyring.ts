/**
 * The data keys that were unlocked, by store. Pages keep them in memory beside the peer, so that another tab takes over
 * without asking again; they are lost with the last page.
 */
export class Keyring {
  readonly #keys = new Map<string, CryptoKey>();
  readonly #remember: (value: unknown) => void;

  /** @param remembered what `remember` was given by an earlier run; anything else is nothing */
  constructor(remembered: unknown, remember: (value: unknown) => void) {
    this.#remember = remember;
    if (!(remembered instanceof Map)) return;
    for (const [store, key] of remembered) {
      if (typeof store === "string" && key instanceof CryptoKey) this.#keys.set(store, key);
    }
  }

  get(store: string): CryptoKey | undefined {
    return this.#keys.get(store);
  }

  keep(store: string, key: CryptoKey): void {
    this.#keys.set(store, key);
    this.#tell();
  }

  forget(store: string): void {
    if (this.#keys.delete(store)) this.#tell();
  }

  clear(): void {
    this.#keys.clear();
    this.#remember(undefined);
  }

  #tell(): void {
    this.#remember(new Map(this.#keys));
  }
}
