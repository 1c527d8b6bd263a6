import type { Subscription } from "../mesh/protocols/index.ts";
import { channelOf, scopeFromKey } from "../wire/index.ts";
import type { ExchangeOptions } from "./exchange-options.ts";
import { channelsOf, subscriptionsOf, versionsOf } from "./feeds/index.ts";

/** As many as a relay visits (reach/visits.ts), for the same reason. */
const MAX_VISITED = 12;
/** Ms: as long as a relay waits for somebody. */
const TURN = 600_000;

type TuningOptions = Pick<ExchangeOptions, "clock" | "feeds" | "following" | "hints" | "home" | "mesh" | "reaching">;

/** What this peer listens to: the subscriptions that neighbours are asked for, and the channels that it is on. */
export class Tuning {
  readonly #options: TuningOptions;
  /** Channels joined only because something waits to be sent there. */
  #visiting: ReadonlySet<string> = new Set();
  /** Channels joined for what this person reads. */
  #reading: readonly string[] = [];

  constructor(options: TuningOptions) {
    this.#options = options;
  }

  /** What to ask for now, by home place, feeds and people; `join` follows it. */
  subscriptions(): readonly Subscription[] {
    const { feeds, following, hints, home, mesh } = this.#options;
    const saved = feeds.saved.all();
    const reading = { self: mesh.self, home: home(), following: following.keys(), feeds: saved };
    const subscriptions = subscriptionsOf(reading, (target, wish) => hints.modeOf(target, wish));
    hints.asked(subscriptions);
    this.#reading = channelsOf(subscriptions);
    // The client asks those alone for it whom this person trusts.
    return [{ target: { kind: "trusted" }, mode: "push" }, ...versionsOf(saved), ...subscriptions];
  }

  /** Whether this peer would not be on this channel for what its person reads. */
  isGuest(channel: string): boolean {
    return channel !== channelOf(scopeFromKey(this.#options.home())) && !this.#reading.includes(channel);
  }

  /**
   * Something waits to be sent to these channels, and to no others. Of more than may be joined the first half stays, and the others
   * take turns: somebody may be back by now where nobody was for days.
   */
  visit(channels: readonly string[]): void {
    const guest = [...new Set(channels)].filter((channel) => this.isGuest(channel));
    const first = guest.slice(0, MAX_VISITED / 2);
    const rest = guest.slice(first.length);
    const turn = Math.floor(this.#options.clock.now() / TURN) * (MAX_VISITED / 2);
    const next = rest.slice(0, MAX_VISITED / 2).map((_, at) => rest[(turn + at) % rest.length] as string);
    const wanted = new Set([...first, ...next]);
    if (wanted.size === this.#visiting.size && [...wanted].every((name) => this.#visiting.has(name))) return;
    this.#visiting = wanted;
    this.join();
  }

  /** Joins the channels that are wanted now, and leaves the others. */
  join(): void {
    const { home, mesh, reaching } = this.#options;
    const wanted = new Set([
      channelOf(scopeFromKey(home())),
      ...this.#reading,
      ...this.#visiting,
      ...reaching.visiting(),
    ]);
    for (const channel of mesh.channels()) if (!wanted.has(channel)) mesh.leave(channel);
    for (const channel of wanted) mesh.join(channel);
  }
}
