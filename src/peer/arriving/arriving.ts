import { unhurriedInterval } from "../../social/index.ts";
import type { PeerCore } from "../core.ts";
import type { Part } from "../parts.ts";
import type { Arrival, ArrivalsView, DamagedArrival, HeldArrival } from "./api.ts";
import { ARRIVALS_KEY, HELD_KEY } from "./name.ts";
import type { ArrivalQueue } from "./queue.ts";

const NOTHING = {
  state: "none",
  waiting: 0,
  held: 0,
  doubted: 0,
  published: 0,
  refused: 0,
  elsewhere: 0,
  nextAt: null,
  doneAt: null,
} as const;

/** What of it is there from the beginning: few peers ever have anything waiting. */
export class Arriving implements Part {
  readonly #core: PeerCore;
  #queue: Promise<ArrivalQueue> | null = null;
  #loaded: ArrivalQueue | null = null;

  constructor(core: PeerCore) {
    this.#core = core;
  }

  async open(): Promise<void> {
    const { store } = this.#core;
    const [waiting, held] = await Promise.all([store.setting(ARRIVALS_KEY), store.setting(HELD_KEY)]);
    if (waiting === undefined && held === undefined) return;
    // The first screen does not wait for it.
    this.#load().catch((error: unknown) => this.#core.ports.log("arriving", error));
  }

  view(scopes: readonly string[]): ArrivalsView {
    const interval = unhurriedInterval(scopes, this.#core.settings().home);
    return { ...(this.#loaded?.view() ?? NOTHING), interval };
  }

  async add(posts: readonly Arrival[]): Promise<ArrivalsView> {
    await (await this.#load()).add(posts);
    return this.view(posts[0]?.draft.scopes ?? []);
  }

  async drop(): Promise<void> {
    await (await this.#load()).drop();
  }

  async resume(): Promise<ArrivalsView> {
    await (await this.#load()).resume();
    return this.view([]);
  }

  async dropHeld(): Promise<void> {
    await (await this.#load()).dropHeld();
  }

  /** The first of what is held. */
  async held(): Promise<readonly HeldArrival[]> {
    const { heldArrivals } = await import("./held.ts");
    return await heldArrivals(this.#core.store);
  }

  /** What could not be read when it was to be published. */
  async damaged(): Promise<readonly DamagedArrival[]> {
    const { damagedArrivals } = await import("./damaged.ts");
    return await damagedArrivals(this.#core.store);
  }

  /** @throws PeerError `NOT_FOUND` */
  async damagedFile(id: string): Promise<Blob> {
    const { damagedArrival } = await import("./damaged.ts");
    return await damagedArrival(this.#core.store, id);
  }

  async dropDamaged(id: string): Promise<void> {
    const { dropDamagedArrival } = await import("./damaged.ts");
    await dropDamagedArrival(this.#core.store, id);
    this.#core.live.invalidate("arrivals");
  }

  async stop(): Promise<void> {
    // Whoever asked for a queue that could not be loaded has been told so; there is nothing to stop.
    await (await this.#queue?.catch(() => null))?.stop();
  }

  #load(): Promise<ArrivalQueue> {
    this.#queue ??= import("./queue.ts")
      .then(({ ArrivalQueue }) => ArrivalQueue.open(this.#core))
      .then((queue) => (this.#loaded = queue));
    // A chunk that could not be loaded is tried again by the next who needs it.
    this.#queue.catch(() => (this.#queue = null));
    return this.#queue;
  }
}
