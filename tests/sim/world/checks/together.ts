import type { Inhabitant } from "../inhabitant.ts";
import { nameOf, type Entry, type Opening } from "../ledger.ts";
import { Breaches, type Check, type Scene } from "../watch.ts";

/** Written shortly before a split or an absence, it may still have been on its way. */
const BEFORE = 60_000;

/** After a partition has healed, honest peers of a channel hold the same set. */
export function sameAfterHealing(scene: Scene, breaches: Breaches): Check {
  const name = "same-after-healing";
  let compared = 0;
  const compare = (from: number, healed: number): void => {
    const written = promisedOf(scene, from, healed);
    for (const one of scene.people) {
      // Whom others shun for what they write may have no way to anybody.
      if (one.since > healed || one.character.role !== "ordinary") continue;
      for (const promised of written) {
        if (!isOfChannel(one, promised, scene.now())) continue;
        const { entry } = promised;
        compared++;
        if (!entry.holders.has(one)) breaches.add(name, `person ${one.number} of ${one.town} lacks ${nameOf(entry)}`);
      }
    }
  };
  return {
    name,
    healed(splitSince) {
      const healed = scene.now();
      scene.after(scene.options.patience, () => compare(splitSince - BEFORE, healed));
    },
    finish: () => [`partition: ${compared} envelopes of the split were looked for at those who heard the channel`],
  };
}

/** Whoever was away has everything after a while. */
export function absentCatchesUp(scene: Scene, breaches: Breaches): Check {
  const name = "absent-catches-up";
  let compared = 0;
  let returned = 0;
  const compare = (one: Inhabitant, from: number, back: number): void => {
    if (one.since > back) return;
    returned++;
    for (const promised of promisedOf(scene, from, back)) {
      if (!isOfChannel(one, promised, scene.now())) continue;
      const { entry } = promised;
      compared++;
      if (!entry.holders.has(one)) breaches.add(name, `person ${one.number} of ${one.town} lacks ${nameOf(entry)}`);
    }
  };
  return {
    name,
    returned(one, awaySince) {
      const back = scene.now();
      // While the network is split, what others wrote over there cannot be had.
      if (!scene.split()) scene.after(scene.options.patience, () => compare(one, awaySince - BEFORE, back));
    },
    finish: () => [`absence: ${returned} came back, and ${compared} envelopes were looked for with them`],
  };
}

interface Promised {
  readonly entry: Entry;
  /** By which everybody has it who reads there. */
  readonly openings: readonly Opening[];
}

/** What everybody may have, and is not still travelling: somebody has been there with it since the end of that time. */
function promisedOf({ ledger, people }: Scene, from: number, to: number): Promised[] {
  const stayed = people.filter(({ since }) => since <= to);
  return ledger.entries
    .filter(({ at, author, kind }) => at >= from && at <= to && kind !== "trusted" && isHonest(author))
    .filter(({ holders }) => stayed.some((one) => holders.has(one)))
    .map((entry) => ({
      entry,
      openings: entry.openings.filter(({ scope }) => !ledger.isOneTooMany(entry, scope)),
    }));
}

/** What spammers write, like what they hear, depends on who still has a link to them. */
function isHonest({ character }: Inhabitant): boolean {
  return character.role === "ordinary";
}

/** Whether it is heard on a channel that this person is on: at home, or in a topic that was opened to it. */
function isOfChannel(one: Inhabitant, { entry, openings }: Promised, now: number): boolean {
  if (one.blocked.has(entry.author)) return false;
  if (entry.place === one.town || (entry.place === null && entry.author.town === one.town)) return true;
  return one.character.topics.some((topic) =>
    openings.some(({ scope, until }) => until > now && (scope === topic || scope.startsWith(`${topic}/`))),
  );
}
