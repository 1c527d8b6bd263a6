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
      ];
    },
  };
}

function outsidersOf({ people }: Scene, entry: Entry): number {
  return people.reduce((sum, one) => sum + Number(one.town !== entry.author.town), 0);
}
