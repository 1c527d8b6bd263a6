/** Everything that was written in a world, and who has come to hold it: what the checks compare with the rules. */
import type { Inhabitant } from "./inhabitant.ts";

export type Kind = "post" | "spam" | "coalition" | "trusted" | "boost";

/** A way beyond the start that was seen to be open. */
export interface Opening {
  /** Scope key. */
  readonly scope: string;
  /** World time until which the certificate carries. */
  readonly until: number;
  /** World time at which the first of them was issued. */
  readonly since: number;
}

/** Of one author and under one topic no more are taken in an hour than so many (docs/protocol.md, section 18). */
const TAKEN_OF_AN_AUTHOR = 6;
/** Whose clock counts differs, and a window may last a little longer (src/social/rate.ts). */
const AN_HOUR = 4_500_000;

export interface Entry {
  readonly number: number;
  /** Hex. */
  readonly hash: string;
  readonly kind: Kind;
  readonly author: Inhabitant;
  /** World time. */
  readonly at: number;
  /** Scope key; `null` for topics alone and for nothing at all. */
  readonly place: string | null;
  readonly topics: readonly string[];
  /** What is boosted. */
  readonly of: Entry | null;
  readonly holders: Holders;
  /** Holders that live in another town than its author. */
  outside: number;
  readonly boosters: Inhabitant[];
  readonly openings: Opening[];
}

/** For the report: what it is, whose, and where it started. */
export function nameOf({ at, author, kind, number, place, topics }: Entry): string {
  const start = place ?? `${author.town} without a place`;
  return `envelope ${number} (${kind} by person ${author.number}, ${Math.round(at / 1_000)} s, ${start}, ${topics.join(" ")})`;
}

export class Holders {
  readonly #bits: Uint32Array;
  count = 0;

  constructor(people: number) {
    this.#bits = new Uint32Array((people + 31) >> 5);
  }

  has({ number }: Inhabitant): boolean {
    return (((this.#bits[number >> 5] as number) >>> (number & 31)) & 1) === 1;
  }

  add(one: Inhabitant): void {
    if (this.has(one)) return;
    const at = one.number >> 5;
    this.#bits[at] = (this.#bits[at] as number) | (1 << (one.number & 31));
    this.count++;
  }
}

export class Ledger {
  readonly entries: Entry[] = [];
  readonly #byHash = new Map<string, Entry>();
  readonly #people: number;

  constructor(people: number) {
    this.#people = people;
  }

  write(entry: Pick<Entry, "hash" | "kind" | "author" | "at" | "place" | "topics" | "of">): Entry {
    const made: Entry = {
      ...entry,
      number: this.entries.length,
      holders: new Holders(this.#people),
      outside: 0,
      boosters: [],
      openings: [],
    };
    made.holders.add(made.author);
    this.entries.push(made);
    this.#byHash.set(made.hash, made);
    if (made.of !== null) made.of.boosters.push(made.author);
    return made;
  }

  find(hash: string): Entry | undefined {
    return this.#byHash.get(hash);
  }

  /**
   * Whether the author had more promoted under the topic in an hour than others take of one person. Which of them a peer
   * takes then depends on what came first, so that it is no promise that anybody has this one.
   */
  isOneTooMany({ author, openings }: Entry, topic: string): boolean {
    const since = openings.find(({ scope }) => scope === topic)?.since;
    if (since === undefined) return false;
    const all = this.entries
      .filter((other) => other.author === author)
      .flatMap((other) => other.openings.filter(({ scope }) => scope === topic).map((opening) => opening.since))
      .toSorted((a, b) => a - b);
    return all.some((first, at) => {
      const last = all[at + TAKEN_OF_AN_AUTHOR];
      return last !== undefined && last - first < AN_HOUR && first <= since && since <= last;
    });
  }

  hold(entry: Entry, one: Inhabitant): void {
    if (entry.holders.has(one)) return;
    entry.holders.add(one);
    if (one.town !== entry.author.town) entry.outside++;
  }
}
