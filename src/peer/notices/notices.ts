import type { StoreChange } from "../../store/port.ts";
import { ObjectType } from "../../wire/index.ts";
import type { PeerCore } from "../core.ts";
import type { Part } from "../parts.ts";
import type { Desk } from "./desk.ts";

/** The first screen comes before, in ms. */
const FIRST_LOOK = 3_000;

/**
 * What others did that concerns this person. Small and always there: the rest is loaded when somebody looks, or some seconds after
 * the start. Nothing is missed until then, since what arrived has a number, and the last one that was looked at is kept.
 */
export class Notices implements Part {
  readonly #core: PeerCore;
  readonly #stopListening: () => void;
  /** What was written before this identity first ran here is no news. */
  readonly #started: number;
  #cancel: () => void = () => undefined;
  #loading: Promise<Desk> | null = null;
  #desk: Desk | null = null;
  #stopped = false;

  constructor(core: PeerCore) {
    this.#core = core;
    this.#started = core.ports.clock.now();
    this.#stopListening = core.trust.onTrustedBy((peer) => this.#with((desk) => desk.trustedBy(peer)));
  }

  async open(): Promise<void> {
    this.#cancel = this.#core.ports.clock.after(FIRST_LOOK, () => this.#with(() => undefined));
  }

  changed(change: StoreChange): void {
    const isNews = change.envelopes.length > 0 || change.heads.some(({ type }) => type === ObjectType.CuratedFeed);
    if (isNews) this.#desk?.stored(change.envelopes);
  }

  /** Resolves when it can be asked. */
  desk(): Promise<Desk> {
    this.#loading ??= this.#load().catch((error: unknown) => {
      // Its script could not be fetched, perhaps because this device is offline: the next use tries again.
      this.#loading = null;
      throw error;
    });
    return this.#loading;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    this.#stopListening();
    await this.#loading?.then(
      (desk) => desk.stop(),
      (error: unknown) => this.#core.ports.log("notices", error),
    );
  }

  async #load(): Promise<Desk> {
    const { Desk: Made } = await import("./desk.ts");
    this.#desk = await Made.open(this.#core, this.#started);
    return this.#desk;
  }

  #with(task: (desk: Desk) => void): void {
    this.desk().then(
      (desk) => {
        if (!this.#stopped) task(desk);
      },
      (error: unknown) => this.#core.ports.log("notices", error),
    );
  }
}
