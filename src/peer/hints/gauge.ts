import type { Mesh } from "../../mesh/port.ts";
import type { Clock } from "../../mesh/protocols/index.ts";
import { ENOUGH_LINKS, qualityOf, type LinkQuality } from "../../social/index.ts";

/** The first answer of a new neighbour comes within a second; by then most of the first ones are there. In ms. */
const FIRST_LOOK = 5_000;
/** Each change sends the whole set to each neighbour, so one slow minute is not a slow link. In ms. */
const LOOK = 30_000;

/** How good the links are, from their measured round trips; changes when two looks in a row agree. */
export class LinkGauge {
  readonly #mesh: Pick<Mesh, "links" | "on">;
  readonly #clock: Clock;
  readonly #onChanged: () => void;
  readonly #stopListening: () => void;
  #quality: LinkQuality = "good";
  /** What the last look saw, where it differed. */
  #seen: LinkQuality | null = null;
  #measured = false;
  #cancel: (() => void) | null = null;

  constructor(mesh: Pick<Mesh, "links" | "on">, clock: Clock, onChanged: () => void) {
    this.#mesh = mesh;
    this.#clock = clock;
    this.#onChanged = onChanged;
    this.#stopListening = mesh.on("changed", () => this.#lookSoon());
  }

  get quality(): LinkQuality {
    return this.#quality;
  }

  stop(): void {
    this.#stopListening();
    this.#cancel?.();
  }

  #lookSoon(): void {
    this.#cancel ??= this.#clock.after(this.#measured ? LOOK : FIRST_LOOK, () => {
      this.#cancel = null;
      this.#look();
    });
  }

  #look(): void {
    const direct = this.#mesh.links().filter((link) => link.direct);
    const roundTrips = direct.flatMap(({ roundTrip }) => roundTrip ?? []);
    // Somebody on a slow link who has lost all but one neighbour is not on a fast one: what was seen before stands.
    if (roundTrips.length < ENOUGH_LINKS) return;
    const quality = qualityOf(roundTrips);
    const agreed = !this.#measured || this.#seen === quality;
    this.#measured = true;
    if (quality === this.#quality) {
      this.#seen = null;
      return;
    }
    if (agreed) {
      this.#seen = null;
      this.#quality = quality;
      this.#onChanged();
      return;
    }
    this.#seen = quality;
    this.#lookSoon();
  }
}
