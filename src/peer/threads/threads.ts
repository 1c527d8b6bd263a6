import type { StoreChange } from "../../store/port.ts";
import type { PeerCore } from "../core.ts";
import type { Part } from "../parts.ts";
import type { ThreadReading } from "./reading.ts";

/** Knows when what hangs together may be another than it was, and who reads it. */
export class Threads implements Part {
  readonly #core: PeerCore;
  #version = 0;
  #reading: Promise<ThreadReading> | null = null;

  constructor(core: PeerCore) {
    this.#core = core;
  }

  /** Another number whenever envelopes have come or gone. */
  get version(): number {
    return this.#version;
  }

  changed({ envelopes, removedEnvelopes }: StoreChange): void {
    if (envelopes.length + removedEnvelopes.length > 0) this.#version += 1;
  }

  reading(): Promise<ThreadReading> {
    this.#reading ??= this.#load().catch((error: unknown) => {
      // Its script could not be fetched, perhaps because this device is offline: the next use tries again.
      this.#reading = null;
      throw error;
    });
    return this.#reading;
  }

  async #load(): Promise<ThreadReading> {
    const { ThreadReading: Reading } = await import("./reading.ts");
    return new Reading(this.#core, () => this.#version);
  }
}
