import { channelOf, type Hash, type Scope } from "../../../wire/index.ts";
import { malformed, type FrameItem, type FrameReader } from "../frame.ts";
import { MAX_HASHES, MAX_SUBSCRIPTIONS } from "./constants.ts";

/**
 * Which envelopes of an announcement, of those that declare topics alone, started at a place that was asked for. Whoever holds
 * them by evidence learns so that they are its neighbours' to have without any.
 */
export interface Starts {
  /** Where in the set of subscriptions the place stands; ascending. */
  readonly at: number;
  /** In the list of hashes, ascending. */
  readonly ranks: readonly number[];
}

/** Envelopes that started at a place. */
export interface Started {
  readonly place: Scope;
  readonly hashes: readonly Hash[];
}

export function startItems(starts: readonly Starts[]): FrameItem {
  return starts.map(({ at, ranks }) => [at, ranks]);
}

/** @throws ProtocolError `MALFORMED` */
export function readStarts(reader: FrameReader, hashes: number): Starts[] {
  const count = reader.array(1, MAX_SUBSCRIPTIONS);
  let before = -1;
  return Array.from({ length: count }, () => {
    reader.array(2, 2);
    const at = reader.uint(MAX_SUBSCRIPTIONS - 1);
    if (at <= before) throw malformed("starts in no order");
    before = at;
    const length = reader.array(1, MAX_HASHES);
    const ranks: number[] = [];
    for (let i = 0; i < length; i++) {
      const rank = reader.uint(hashes - 1);
      if (rank <= (ranks.at(-1) ?? -1)) throw malformed("starts in no order");
      ranks.push(rank);
    }
    return { at, ranks };
  });
}

/**
 * What an announcement says of starts; empty where there is nothing to say.
 * @param places by channel: where in the set a place is asked for
 * @param startsOf places at which an envelope with topics alone started, as far as is known
 */
export function startsIn(
  hashes: readonly Hash[],
  places: ReadonlyMap<string, number>,
  startsOf: (hash: Hash) => readonly Scope[],
): readonly Starts[] {
  const starts = new Map<number, number[]>();
  if (places.size === 0) return [];
  for (const [rank, hash] of hashes.entries()) {
    for (const start of startsOf(hash)) {
      const at = places.get(channelOf(start));
      if (at === undefined) continue;
      const ranks = starts.get(at) ?? [];
      ranks.push(rank);
      starts.set(at, ranks);
    }
  }
  return [...starts].map(([at, ranks]) => ({ at, ranks })).toSorted((a, b) => a.at - b.at);
}
