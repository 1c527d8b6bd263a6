/** What a world is made of. Every figure is here, so that a seed and these say everything about a run. */

const MINUTE = 60_000;
const HOUR = 3_600_000;

export interface WorldOptions {
  readonly seed: number;
  readonly peers: number;
  readonly regions: number;
  readonly towns: number;
  readonly topics: number;
  /** Topics that one person chooses among, the same for some of the others; `null`: all of them. */
  readonly choice: number | null;
  /** Of virtual time, after everybody has arrived, in ms. */
  readonly duration: number;
  /** Posts of an ordinary person a day, on average; who writes how many follows Zipf's law. */
  readonly postsADay: number;
  /** Share of people who spam the most popular topics from their town, and how often an hour. */
  readonly spammers: number;
  readonly spamAnHour: number;
  /** People of one town who boost each other's garbage and certify it, and how often each writes an hour. */
  readonly coalition: number;
  readonly coalitionAnHour: number;
  /** How likely an ordinary person who reads garbage is to block its author. */
  readonly blocking: number;
  /** Share of people who trust a few others, and write for them alone so often a day. */
  readonly circled: number;
  readonly trustedADay: number;
  /** Share of people who come and go: how long they stay, on average, in ms, and then are away for half as long. */
  readonly casual: number;
  readonly stay: number;
  /** People who are away from a quarter of the run on, for half of it. */
  readonly absent: number;
  /** Half of the people are cut off from the other half, from and for so long; `null`: never. */
  readonly partition: { readonly from: number; readonly lasts: number } | null;
  /** Milliseconds one way. */
  readonly latency: readonly [min: number, max: number];
  readonly loss: number;
  readonly duplication: number;
  /** Clocks are off by up to so many ms. */
  readonly clocks: number;
  /** What is given to whoever is to be reached: how long until it counts as not reached. */
  readonly patience: number;
}

/** A day of a thousand people in twenty towns of four regions. */
export const DAY: WorldOptions = {
  seed: 1,
  peers: 1_000,
  regions: 4,
  towns: 20,
  topics: 40,
  choice: null,
  duration: 24 * HOUR,
  postsADay: 2,
  spammers: 0.2,
  spamAnHour: 0.25,
  coalition: 50,
  coalitionAnHour: 0.25,
  blocking: 0.5,
  circled: 0.3,
  trustedADay: 1,
  casual: 0.25,
  stay: 3 * HOUR,
  absent: 20,
  partition: { from: 14 * HOUR, lasts: 1.5 * HOUR },
  latency: [15, 150],
  loss: 0.01,
  duplication: 0.01,
  // Half of what FROM_THE_FUTURE forgives; clocks that are further off are a story of their own (tests/peer/clocks-apart).
  clocks: 4 * MINUTE,
  patience: 15 * MINUTE,
};

/** The same rules for a test: everything that can go wrong in a day goes wrong within an hour. */
export const SMALL: WorldOptions = {
  ...DAY,
  peers: 48,
  towns: 3,
  regions: 3,
  topics: 6,
  duration: HOUR,
  postsADay: 30,
  spamAnHour: 2,
  coalition: 4,
  coalitionAnHour: 4,
  trustedADay: 24,
  stay: 15 * MINUTE,
  absent: 3,
  partition: { from: 35 * MINUTE, lasts: 8 * MINUTE },
  patience: 5 * MINUTE,
};

/** As little as shows whether a check notices that its rule is broken. */
export const TINY: WorldOptions = {
  ...SMALL,
  peers: 36,
  towns: 2,
  regions: 2,
  topics: 3,
  duration: 30 * MINUTE,
  casual: 0.1,
  coalition: 2,
  absent: 2,
  partition: { from: 17 * MINUTE, lasts: 4 * MINUTE },
  patience: 4 * MINUTE,
};

/**
 * Worlds of different sizes in which a person reads as much: a town has fifty people, a hundred share four topics, and nobody
 * fills the most popular ones of all. What grows with the size then is what the network itself costs.
 */
export function likeOthers(peers: number, hours: number, seed: number): WorldOptions {
  return {
    ...ofSize(peers, hours, seed),
    towns: Math.max(1, Math.round(peers / 50)),
    topics: Math.max(4, Math.round(peers / 25)),
    choice: 4,
    coalition: 0,
    postsADay: 6,
    // Nothing is judged, so nobody waits for what was written last.
    patience: MINUTE,
  };
}

/** A network of another size in which a town, and a topic, is as large as in the one of `DAY`. */
export function ofSize(peers: number, hours: number, seed: number): WorldOptions {
  return {
    ...DAY,
    seed,
    peers,
    towns: Math.max(2, Math.round(peers / 50)),
    topics: Math.max(4, Math.round(peers / 25)),
    duration: hours * HOUR,
    coalition: Math.min(DAY.coalition, Math.round(peers / 20)),
    absent: 0,
    partition: null,
  };
}
