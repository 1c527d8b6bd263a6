import type { StoreChange } from "../../store/port.ts";
import { ObjectType, type Hash } from "../../wire/index.ts";
import type { PeerCore } from "../core.ts";
import type { Part } from "../parts.ts";
import type { InclusionView } from "./api.ts";
import { CLOSED_KEY } from "./closed.ts";
import type { Curators } from "./curators.ts";
import type { Making } from "./making.ts";

/** What a peer has to do with curating. */
export class Curation implements Part {
  readonly #core: PeerCore;
  readonly #stopListening: () => void;
  #making: Promise<Making> | null = null;
  #curators: Promise<Curators> | null = null;

  constructor(core: PeerCore) {
    this.#core = core;
    this.#stopListening = core.feeds.held.onChanged(() => core.live.invalidate("envelopes", "reach", "curation"));
  }

  changed({ heads, settings }: StoreChange): void {
    this.#core.feeds.held.changed(heads);
    const concerns = heads.some(({ type }) => type === ObjectType.CuratedFeed) || settings.includes(CLOSED_KEY);
    if (concerns) this.#core.live.invalidate("curation", "feeds");
  }

  async stop(): Promise<void> {
    this.#stopListening();
    (await this.#curators)?.stop();
    await (await this.#making)?.stop();
  }

  /** Who has chosen this post, among the feeds that are stored here. */
  async including(post: Hash): Promise<readonly InclusionView[]> {
    const { inclusions } = await import("./views.ts");
    return await inclusions(this.#core, post);
  }

  /** What makes and changes own feeds. */
  making(): Promise<Making> {
    this.#making ??= import("./making.ts")
      .then(({ Making: Maker }) => new Maker(this.#core))
      .catch((error: unknown) => {
        // Its script could not be fetched, perhaps because this device is offline: the next call tries again.
        this.#making = null;
        throw error;
      });
    return this.#making;
  }

  /** Who looks for what somebody curates. */
  curators(): Promise<Curators> {
    this.#curators ??= import("./curators.ts")
      .then(({ Curators: Searches }) => new Searches(this.#core))
      .catch((error: unknown) => {
        this.#curators = null;
        throw error;
      });
    return this.#curators;
  }
}
