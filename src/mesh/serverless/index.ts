/**
 * Links that no server helps to make: by invite (`../invite/`), and by way of neighbours that know each other
 * (`../protocols/signal/`). Most of it is loaded when it is first needed, which is after the first link stands or when an
 * invite is opened: until then there is nobody to ask.
 */
import type { Serverless, ServerlessOptions } from "./serverless.ts";

export type { Serverless, ServerlessOptions } from "./serverless.ts";

export class ServerlessLinks {
  readonly #options: () => Promise<ServerlessOptions>;
  #loading: Promise<Serverless> | null = null;
  #loaded: Serverless | null = null;
  #stopped = false;

  /** @param options asked for once, when the rest is loaded */
  constructor(options: () => Promise<ServerlessOptions>) {
    this.#options = options;
  }

  /** What there is so far. */
  get loaded(): Serverless | null {
    return this.#loaded;
  }

  load(): Promise<Serverless> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  stop(): void {
    this.#stopped = true;
    this.#loaded?.stop();
  }

  async #load(): Promise<Serverless> {
    try {
      const [{ Serverless }, options] = await Promise.all([import("./serverless.ts"), this.#options()]);
      const made = new Serverless(options);
      if (this.#stopped) made.stop();
      this.#loaded = made;
      return made;
    } catch (error) {
      // The script could not be loaded: the next one who needs it tries again.
      this.#loading = null;
      throw error;
    }
  }
}
