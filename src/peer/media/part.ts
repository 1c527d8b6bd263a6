import type { Library } from "../../mesh/protocols/index.ts";
import type { StoreChange } from "../../store/port.ts";
import type { Hash } from "../../wire/index.ts";
import type { PeerCore } from "../core.ts";
import type { Part } from "../parts.ts";
import type { Files } from "./files.ts";

/** Upkeep begins when the first screen is long there, in ms. */
const FIRST_UPKEEP = 60_000;
/** Files that no draft names any more are kept for a day: looking this often frees them in time. */
const UPKEEP = 6 * 60 * 60_000;

/** What of a peer the files need. */
export type MediaCore = Pick<
  PeerCore,
  "ports" | "store" | "identity" | "blocks" | "marks" | "people" | "queries" | "exchange"
>;

/** The files of drafts and posts; how they are kept is loaded when the first of them is met. */
export class Media implements Part {
  readonly #core: MediaCore;
  #files: Promise<Files> | null = null;
  #loaded: Files | null = null;
  #cancel: () => void = () => undefined;
  #ended = false;

  /** @param core a peer that need not be whole yet */
  constructor(core: MediaCore) {
    this.#core = core;
  }

  async open(): Promise<void> {
    this.#upkeepAfter(FIRST_UPKEEP);
  }

  changed(change: StoreChange): void {
    this.#loaded?.changed(change);
  }

  async stop(): Promise<void> {
    this.#ended = true;
    this.#cancel();
    await (await this.#files?.catch(() => null))?.stop();
  }

  files(): Promise<Files> {
    this.#files ??= this.#load();
    // A chunk that could not be loaded is tried again by the next who needs it.
    this.#files.catch(() => (this.#files = null));
    return this.#files;
  }

  /** Bytes of a picture of somebody, or of a file of a post that whoever asks may have. */
  readonly served: NonNullable<Library["blob"]> = async (hash: Hash, mayHave) => {
    if ((await this.#core.store.blobs.size(hash)) === undefined) return undefined;
    return await (await this.files()).served(hash, mayHave);
  };

  async #load(): Promise<Files> {
    const { Files } = await import("./files.ts");
    this.#loaded = new Files(this.#core);
    return this.#loaded;
  }

  #upkeepAfter(pause: number): void {
    const { clock, log } = this.#core.ports;
    this.#cancel = clock.after(pause, () => {
      this.files()
        .then((files) => files.upkeep())
        .catch((error: unknown) => {
          if (!this.#ended) log("media", error);
        });
      this.#upkeepAfter(UPKEEP);
    });
  }
}
