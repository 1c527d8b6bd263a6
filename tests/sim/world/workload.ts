/** What people do all day: write, spam, read what comes, and boost what they like. */
import type { GivenDraft } from "../../../src/peer/api.ts";
import { SeededRandom } from "../random.ts";
import { markOf } from "./checks/trusted.ts";
import { topicsOf, Zipf } from "./geography.ts";
import type { Inhabitant } from "./inhabitant.ts";
import type { Entry, Kind, Ledger } from "./ledger.ts";
import type { WorldOptions } from "./options.ts";

export interface WorkloadPorts {
  readonly options: WorldOptions;
  readonly people: readonly Inhabitant[];
  readonly ledger: Ledger;
  readonly now: () => number;
  readonly after: (ms: number, task: () => void) => void;
  readonly onWritten: (entry: Entry) => void;
  readonly onFault: (at: Inhabitant, context: string, error: unknown) => void;
  /** Whether people boost garbage, too: never, unless the checks are to be tried. */
  readonly tasteless: boolean;
}

const HOUR = 3_600_000;
/** Share of posts that name topics alone, and no place. */
const WITHOUT_PLACE = 0.3;
/** Half of what is written pleases nobody; of the rest so many of those who read it at home boost it. */
const DULL = 0.5;
const BOOSTS_AT_HOME = 4;
/** Elsewhere there are more who read it: each boosts so much less often. */
const ELSEWHERE = 0.1;
/** Tells draws of who blocks from draws of who boosts. */
const BLOCKING = 0x626c6b;
/** Until somebody has read it, ms. */
const READING = [5_000, 600_000] as const;

export class Workload {
  readonly #ports: WorkloadPorts;
  readonly #random: SeededRandom;
  readonly #topics: readonly string[];
  readonly #popular: Zipf;
  #stopped = false;

  constructor(ports: WorkloadPorts) {
    this.#ports = ports;
    this.#random = new SeededRandom(ports.options.seed ^ 0x776f726b);
    this.#topics = topicsOf(ports.options.topics);
    this.#popular = new Zipf(Math.min(4, this.#topics.length));
  }

  start(): void {
    const { coalitionAnHour, spamAnHour, trustedADay } = this.#ports.options;
    for (const one of this.#ports.people) {
      const { circle, postsADay, role } = one.character;
      if (role === "ordinary") this.#repeat(postsADay / 24, () => this.#post(one));
      if (role === "spammer") this.#repeat(spamAnHour, () => this.#rubbish(one, "spam"));
      if (role === "coalition") this.#repeat(coalitionAnHour, () => this.#rubbish(one, "coalition"));
      if (circle !== null) this.#repeat(trustedADay / 24, () => this.#confide(one, circle));
    }
  }

  /** Whoever writes later has nobody left to hear it. */
  stop(): void {
    this.#stopped = true;
  }

  /** Somebody has this before the eyes now. */
  read(entry: Entry, one: Inhabitant): void {
    if (this.#annoys(entry, one))
      this.#ports.after(this.#random.between(...READING), () => void this.#block(one, entry));
    if (!this.#pleases(entry, one)) return;
    this.#ports.after(this.#random.between(...READING), () => void this.#boost(one, entry));
  }

  /** Poisson: so many an hour, at any moment. */
  #repeat(anHour: number, task: () => void): void {
    if (anHour <= 0) return;
    const wait = (-Math.log(1 - this.#random.next()) * HOUR) / anHour;
    this.#ports.after(wait, () => {
      if (!this.#stopped) task();
      this.#repeat(anHour, task);
    });
  }

  #pleases({ author, kind, number }: Entry, one: Inhabitant): boolean {
    const { options, tasteless } = this.#ports;
    if (kind === "coalition" && one.character.role === "coalition")
      return drawOf(options.seed, number, one.number) < 0.2;
    if (one.character.role !== "ordinary") return false;
    if (kind === "spam" || kind === "coalition") return tasteless;
    if (kind !== "post" || drawOf(options.seed, number, -1) < DULL) return false;
    const atHome = (BOOSTS_AT_HOME * options.towns) / options.peers;
    const likely = one.town === author.town ? atHome : atHome * ELSEWHERE;
    return drawOf(options.seed, number, one.number) < likely;
  }

  #annoys({ kind, number }: Entry, one: Inhabitant): boolean {
    if (one.character.role !== "ordinary" || (kind !== "spam" && kind !== "coalition")) return false;
    return drawOf(this.#ports.options.seed ^ BLOCKING, number, one.number) < this.#ports.options.blocking;
  }

  #post(one: Inhabitant): void {
    const topics = one.character.topics;
    const topic = topics[this.#random.below(topics.length)] as string;
    const place = this.#random.next() < WITHOUT_PLACE ? null : one.town;
    void this.#write(one, "post", place, [topic], `a thought of person ${one.number} on ${topic}`);
  }

  #rubbish(one: Inhabitant, kind: Kind): void {
    const topic = this.#topics[this.#popular.draw(this.#random)] as string;
    void this.#write(one, kind, one.town, [topic], `buy what person ${one.number} sells`);
  }

  #confide(one: Inhabitant, circle: number): void {
    void this.#write(one, "trusted", null, [], `between us, ${markOf(circle)}`);
  }

  async #write(
    one: Inhabitant,
    kind: Kind,
    place: string | null,
    topics: readonly string[],
    text: string,
  ): Promise<void> {
    const { api } = one;
    if (api === null) return;
    const { ledger, now, onFault, onWritten } = this.#ports;
    const at = now();
    const scopes = place === null ? topics : [place, ...topics];
    const id = `${kind} ${at} ${one.number}`;
    // What several people write in the same words is several posts: each has its author in it.
    const draft: GivenDraft = {
      id,
      headline: "",
      summary: "",
      text: `${text} (${at})`,
      scopes,
      replyTo: null,
      references: [],
      updated: at,
    };
    try {
      const { hash } = await api.publish(draft);
      onWritten(ledger.write({ hash, kind, author: one, at, place, topics, of: null }));
    } catch (error) {
      onFault(one, `publish ${kind}`, error);
    }
  }

  async #block(one: Inhabitant, { author }: Entry): Promise<void> {
    const { api } = one;
    if (api === null || this.#stopped) return;
    try {
      one.blocked.add(author);
      await api.block(author.id);
    } catch (error) {
      this.#ports.onFault(one, "block", error);
    }
  }

  async #boost(one: Inhabitant, entry: Entry): Promise<void> {
    const { api } = one;
    if (api === null || this.#stopped) return;
    const { ledger, now, onFault, onWritten } = this.#ports;
    const at = now();
    try {
      const hash = await api.boost(entry.hash);
      const { place, topics } = entry;
      onWritten(ledger.write({ hash, kind: "boost", author: one, at, place, topics, of: entry }));
    } catch (error) {
      onFault(one, "boost", error);
    }
  }
}

/** In [0, 1), the same for the same two numbers, whenever it is asked. */
function drawOf(seed: number, a: number, b: number): number {
  return new SeededRandom(
    Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(a + 2, 0x85ebca77) ^ Math.imul(b + 3, 0xc2b2ae3d),
  ).next();
}
