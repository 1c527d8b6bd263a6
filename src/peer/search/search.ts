import type { StoreChange } from "../../store/port.ts";
import type { Part } from "../parts.ts";
import type { SearchIndexView } from "./api.ts";
import type { Searching, SearchSources } from "./searching.ts";

/** Nothing was searched for yet. */
const UNREAD: SearchIndexView = { ready: false, share: 0 };

/** The search of what is held. All of it but this is loaded when somebody first searches, and does nothing while nobody does. */
export class Search implements Part {
  readonly #core: SearchSources;
  #loading: Promise<Searching> | null = null;
  #loaded: Searching | null = null;
  #ended = false;

  constructor(core: SearchSources) {
    this.#core = core;
  }

  /** @throws what loading its script or reading the index rejects with */
  searching(): Promise<Searching> {
    this.#loading ??= this.#load().catch((error: unknown) => {
      // Its script could not be fetched, perhaps because this device is offline: the next search tries again.
      this.#loading = null;
      throw error;
    });
    return this.#loading;
  }

  view(): SearchIndexView {
    return this.#loaded?.view() ?? UNREAD;
  }

  changed(change: StoreChange): void {
    this.#loaded?.changed(change);
  }

  async stop(): Promise<void> {
    this.#ended = true;
    await this.#loaded?.stop();
  }

  async #load(): Promise<Searching> {
    const { Searching: Parts } = await import("./searching.ts");
    const loaded = await Parts.open(this.#core);
    this.#loaded = loaded;
    if (this.#ended) await loaded.stop();
    return loaded;
  }
}
