/** Who lives in a world: where, what they read, how much they write, whom they trust, and what they are up to. */
import { blake3 } from "../../../src/hash/index.ts";
import { SeededRandom } from "../random.ts";
import { townsOf, topicsOf, Zipf } from "./geography.ts";
import type { WorldOptions } from "./options.ts";

export type Role = "ordinary" | "spammer" | "coalition";

export interface Character {
  readonly number: number;
  /** Ed25519 seed. */
  readonly seed: Uint8Array;
  readonly role: Role;
  /** Scope key of the home place. */
  readonly town: string;
  /** Scope keys of topics that are read with everything below them. */
  readonly topics: readonly string[];
  /** Posts a day. */
  readonly postsADay: number;
  /** The group of people who trust each other that this one belongs to. */
  readonly circle: number | null;
  /** Comes and goes. */
  readonly casual: boolean;
  /** Is away for half of the run. */
  readonly absent: boolean;
  /** On which side of the network while it is split. */
  readonly side: 0 | 1;
  /** Milliseconds that the own clock is ahead. */
  readonly clockAhead: number;
}

/** Of one to five topics, as many people read each number. */
const MOST_TOPICS = 5;
/** People of a circle. */
const CIRCLE = [5, 10] as const;

export function peopleOf(options: WorldOptions): Character[] {
  const random = new SeededRandom(options.seed ^ 0x70656f70);
  const towns = townsOf(options.towns, options.regions);
  const topics = topicsOf(options.topics);
  const choice = Math.min(options.choice ?? topics.length, topics.length);
  const interest = new Zipf(choice);
  const activity = new Zipf(options.peers);
  const ranks = random.shuffled(Array.from({ length: options.peers }, (_, at) => at));
  const roles = rolesOf(options, random);
  const circles = circlesOf(options, roles, random);
  const away = new Set(
    random.shuffled(roles.flatMap((role, at) => (role === "ordinary" ? [at] : []))).slice(0, options.absent),
  );
  return roles.map((role, number): Character => {
    const read = new Set<string>();
    const many = 1 + random.below(Math.min(MOST_TOPICS, choice));
    const first = choice * random.below(Math.floor(topics.length / choice));
    while (read.size < many) read.add(topics[first + interest.draw(random)] as string);
    const absent = away.has(number);
    return {
      number,
      seed: blake3(new TextEncoder().encode(`${options.seed}/${number}`)),
      role,
      town: towns[number % towns.length] as string,
      topics: [...read],
      // The tail of Zipf's law writes next to nothing; its head not all day long.
      postsADay: Math.min(options.postsADay * activity.weight(ranks[number] as number), options.postsADay * 20),
      circle: circles.get(number) ?? null,
      casual: !absent && role === "ordinary" && random.next() < options.casual,
      absent,
      side: random.next() < 0.5 ? 0 : 1,
      clockAhead: Math.round(random.between(-options.clocks, options.clocks)),
    };
  });
}

/** The coalition lives in the first town, and what does not fit there in the next one. Spammers live everywhere else. */
function rolesOf({ peers, spammers, coalition, towns }: WorldOptions, random: SeededRandom): Role[] {
  const order = random.shuffled(Array.from({ length: peers }, (_, at) => at));
  const roles = Array.from({ length: peers }, (): Role => "ordinary");
  const byTown = order.toSorted((a, b) => (a % towns) - (b % towns));
  for (const at of byTown.slice(0, coalition)) roles[at] = "coalition";
  const honest = order.filter((at) => roles[at] === "ordinary");
  for (const at of honest.slice(0, Math.round(peers * spammers))) roles[at] = "spammer";
  return roles;
}

/** By number of person. Circles are of ordinary people, wherever they live. */
function circlesOf({ circled }: WorldOptions, roles: readonly Role[], random: SeededRandom): Map<number, number> {
  const ordinary = random.shuffled(roles.flatMap((role, at) => (role === "ordinary" ? [at] : [])));
  const chosen = ordinary.slice(0, Math.round(ordinary.length * circled));
  const circles = new Map<number, number>();
  for (let circle = 0; chosen.length >= CIRCLE[0]; circle++) {
    const size = CIRCLE[0] + random.below(CIRCLE[1] - CIRCLE[0] + 1);
    for (const at of chosen.splice(0, size)) circles.set(at, circle);
  }
  return circles;
}
