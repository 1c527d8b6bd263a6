import type { Entry } from "../ledger.ts";
import { Breaches, percent, type Check, type Scene } from "../watch.ts";

/** Share of the people of other towns that garbage may reach, on average. */
const BOUND = 0.01;
/** Looked at so often, ms of world time, once there is so much of it. */
const EVERY = 1_800_000;
const ENOUGH = 50;

/** Garbage stays at home: spam that nobody boosts, or what a coalition boosts for itself. */
export function garbageStays(scene: Scene, breaches: Breaches, kind: "spam" | "coalition"): Check {
  const name = `${kind}-stays`;
  const garbage: Entry[] = [];
  const reach = (): { readonly mean: number; readonly most: number } => {
    const shares = garbage.map((entry) => entry.outside / outsidersOf(scene, entry));
    const sum = shares.reduce((total, share) => total + share, 0);
    return { mean: sum / Math.max(1, shares.length), most: Math.max(0, ...shares) };
  };
  const look = (): void => {
    const { mean } = reach();
    if (garbage.length >= ENOUGH && mean >= BOUND) breaches.add(name, `it has reached ${percent(mean)} elsewhere`);
    scene.after(EVERY, look);
  };
  scene.after(EVERY, look);
  return {
    name,
    written(entry) {
      if (entry.kind === kind) garbage.push(entry);
    },
    finish() {
      const { mean, most } = reach();
      if (mean >= BOUND) breaches.add(name, `it has reached ${percent(mean)} elsewhere over the whole run`);
      return [
        `garbage: ${garbage.length} of ${kind} reached ${percent(mean)} of those elsewhere, one of them ${percent(most)}`,
        ...(garbage.length === 0 ? [] : [soberly(scene, garbage, kind)]),
      ];
    },
  };
}

/** Parts of the run that are told apart: it is the beginning in which nobody has turned anybody away. */
const PARTS = 8;

/** The same of ordinary people alone, in the course of the run: spammers and the coalition block nobody. */
function soberly({ options, people }: Scene, garbage: readonly Entry[], kind: string): string {
  const ordinary = people.filter(({ character }) => character.role === "ordinary");
  const sums = Array.from({ length: PARTS }, () => ({ due: 0, reached: 0 }));
  const began = garbage[0]?.at ?? 0;
  for (const { at, author, holders } of garbage) {
    const sum = sums[Math.min(PARTS - 1, Math.floor((PARTS * (at - began)) / options.duration))];
    if (sum === undefined) continue;
    const elsewhere = ordinary.filter(({ town }) => town !== author.town);
    sum.due += elsewhere.length;
    sum.reached += elsewhere.filter((one) => holders.has(one)).length;
  }
  const share = (due: number, reached: number): string => (due === 0 ? "-" : percent(reached / due));
  const [due, reached] = [
    sums.reduce((total, sum) => total + sum.due, 0),
    sums.reduce((total, sum) => total + sum.reached, 0),
  ];
  const course = sums.map((sum) => share(sum.due, sum.reached)).join(" ");
  return `of ordinary people ${kind} reached ${share(due, reached)}, by eighths of the run: ${course}`;
}

function outsidersOf({ people }: Scene, entry: Entry): number {
  return people.reduce((sum, one) => sum + Number(one.town !== entry.author.town), 0);
}
