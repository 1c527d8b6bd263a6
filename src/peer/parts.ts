/**
 * The parts of a peer beyond reading, writing and exchanging: each keeps something of its own, is opened with the peer and
 * ends with it. A new one is a folder of its own and a member here; its calls are in `calls/`.
 */
import type { StoreChange } from "../store/port.ts";
import { Arriving } from "./arriving/index.ts";
import type { PeerCore } from "./core.ts";
import { Devices } from "./devices/index.ts";
import { Curation } from "./curation/index.ts";
import { Media } from "./media/index.ts";
import { Defence } from "./defence/index.ts";
import { Notices } from "./notices/index.ts";
import { Search } from "./search/index.ts";
import { Threads } from "./threads/index.ts";

export interface Part {
  /** Reads what it keeps; done before the first call is answered. What can wait is loaded when it is asked for. */
  open?(): Promise<void>;
  /** After each commit of the store, in their order. */
  changed?(change: StoreChange): void;
  /** Ends with the peer. The store is open until all have ended. */
  stop?(): Promise<void>;
}

export class Parts {
  readonly curation: Curation;
  readonly defence: Defence;
  readonly notices: Notices;
  readonly search: Search;
  readonly threads: Threads;
  readonly media: Media;
  readonly arriving: Arriving;
  readonly devices: Devices;
  readonly #all: readonly Part[];

  constructor(core: PeerCore) {
    this.curation = new Curation(core);
    this.defence = new Defence(core);
    this.notices = new Notices(core);
    this.search = new Search(core);
    this.threads = new Threads(core);
    this.media = new Media(core);
    this.arriving = new Arriving(core);
    this.devices = new Devices(core);
    this.#all = [
      this.notices,
      this.curation,
      this.media,
      this.defence,
      this.search,
      this.threads,
      this.arriving,
      this.devices,
    ];
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
