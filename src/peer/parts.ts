/**
 * The parts of a peer beyond reading, writing and exchanging: each keeps something of its own, is opened with the peer and
 * ends with it. A new one is a folder of its own and a member here; its calls are in `calls/`.
 */
import type { StoreChange } from "../store/port.ts";
import type { PeerCore } from "./core.ts";

export interface Part {
  /** Reads what it keeps; done before the first call is answered. What can wait is loaded when it is asked for. */
  open?(): Promise<void>;
  /** After each commit of the store, in their order. */
  changed?(change: StoreChange): void;
  /** Ends with the peer. The store is open until all have ended. */
  stop?(): Promise<void>;
}

export class Parts {
  readonly #all: readonly Part[];

  constructor(_core: PeerCore) {
    this.#all = [];
  }

  async open(): Promise<void> {
    await Promise.all(this.#all.map(async (part) => await part.open?.()));
  }

  changed(change: StoreChange): void {
    for (const part of this.#all) part.changed?.(change);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#all.map(async (part) => await part.stop?.()));
  }
}
