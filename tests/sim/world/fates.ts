/** What happens to people: some come and go, some are away for long, and once the network splits in two. */
import { fromHex } from "../../../src/wire/index.ts";
import type { SimNetwork } from "../network.ts";
import { SeededRandom } from "../random.ts";
import { grouped } from "./grouped.ts";
import type { Inhabitant } from "./inhabitant.ts";
import type { WorldOptions } from "./options.ts";

export interface FatesPorts {
  readonly options: WorldOptions;
  readonly people: readonly Inhabitant[];
  readonly network: SimNetwork;
  readonly now: () => number;
  readonly onReturned: (one: Inhabitant, awaySince: number) => void;
  readonly onHealed: (splitSince: number) => void;
  readonly onFault: (at: Inhabitant, context: string, error: unknown) => void;
}

export class Fates {
  readonly #ports: FatesPorts;
  readonly #random: SeededRandom;
  split = false;

  constructor(ports: FatesPorts) {
    this.#ports = ports;
    this.#random = new SeededRandom(ports.options.seed ^ 0x66617465);
  }

  start(): void {
    const { network, options, people } = this.#ports;
    const { duration, partition } = options;
    for (const one of people) {
      if (one.character.casual) this.#leaveLater(one);
      if (one.character.absent) network.clock.after(duration / 4, () => this.#away(one, duration / 2));
    }
    if (partition !== null) network.clock.after(partition.from, () => this.#split(partition.lasts));
  }

  #leaveLater(one: Inhabitant): void {
    const { network, options } = this.#ports;
    network.clock.after(this.#wait(options.stay), () => {
      void this.#let(one, "leave").then(() => {
        network.clock.after(this.#wait(options.stay / 2), () => {
          void this.#let(one, "arrive").then(() => this.#leaveLater(one));
        });
      });
    });
  }

  #away(one: Inhabitant, ms: number): void {
    const { network, now, onReturned } = this.#ports;
    const since = now();
    void this.#let(one, "leave");
    network.clock.after(ms, () => {
      void this.#let(one, "arrive").then(() => onReturned(one, since));
    });
  }

  #split(lasts: number): void {
    const { network, now, onHealed, people } = this.#ports;
    const since = now();
    this.split = true;
    const sides = grouped(people, ({ character }) => character.side);
    network.partition([...sides.values()].map((side) => side.map(({ key }) => ({ self: fromHex(key) }))));
    network.clock.after(lasts, () => {
      this.split = false;
      onHealed(since);
    });
  }

  async #let(one: Inhabitant, what: "arrive" | "leave"): Promise<void> {
    try {
      await one[what]();
    } catch (error) {
      this.#ports.onFault(one, what, error);
    }
  }

  /** Between half and one and a half of the mean. */
  #wait(mean: number): number {
    return mean * this.#random.between(0.5, 1.5);
  }
}
