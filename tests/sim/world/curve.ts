/** Whether what a peer sends and receives depends on what it reads, and not on how many others there are. */
import type { WorldReport } from "./world.ts";

export interface TrafficPoint {
  readonly peers: number;
  /** Subscribed topics. */
  readonly topics: number;
  /** Median of people who read so many, in kilobytes an hour, both ways. */
  readonly kilobytes: number;
}

/** Below this a line through the points is flat: what twice the network may add to a peer's traffic. */
export const FLAT = 0.15;

/** @param reports of worlds of one size, with different seeds */
export function traffic(reports: readonly Pick<WorldReport, "people">[]): TrafficPoint[] {
  const people = reports.flatMap((report) => report.people);
  const peers = people.length / Math.max(1, reports.length);
  const numbers = [...new Set(people.map(({ topics }) => topics))].toSorted((a, b) => a - b);
  return numbers.map((topics) => {
    const rates = people
      .filter((one) => one.topics === topics && one.online > 0)
      .map(({ bytes, online }) => bytes / 1_000 / (online / 3_600_000))
      .toSorted((a, b) => a - b);
    return { peers, topics, kilobytes: rates[rates.length >> 1] ?? 0 };
  });
}

/** By how much traffic grows with each doubling of the network: the mean over all numbers of subscriptions. */
export function growth(points: readonly TrafficPoint[]): number {
  const slopes = [...new Set(points.map(({ topics }) => topics))].flatMap((topics) => {
    const line = points.filter((point) => point.topics === topics).toSorted((a, b) => a.peers - b.peers);
    const [first, last] = [line[0], line.at(-1)];
    if (first === undefined || last === undefined || first.peers === last.peers) return [];
    return [Math.log2(last.kilobytes / first.kilobytes) / Math.log2(last.peers / first.peers)];
  });
  return 2 ** (slopes.reduce((sum, slope) => sum + slope, 0) / Math.max(1, slopes.length)) - 1;
}
