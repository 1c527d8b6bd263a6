/** What the checks of a world do not take for a promise. */
import { expect, it } from "vitest";
import type { Inhabitant } from "./world/inhabitant.ts";
import { Ledger, type Entry } from "./world/ledger.ts";

const JAZZ = "t:music/jazz";
const MINUTE = 60_000;
const [ada, ben] = [{}, {}] as [Inhabitant, Inhabitant];

/** Posts of one author, each opened to a topic at one of these minutes. */
function opened(ledger: Ledger, author: Inhabitant, minutes: readonly number[], scope = JAZZ): Entry[] {
  return minutes.map((minute, at) => {
    const hash = `${scope} ${minute} ${at}`;
    Object.assign(author, { number: author === ada ? 0 : 1 });
    const entry = ledger.write({ hash, kind: "post", author, at: minute, place: null, topics: [scope], of: null });
    entry.openings.push({ scope, since: minute * MINUTE, until: Infinity });
    return entry;
  });
}

it("six of an author within the hour are taken, whatever else there is", () => {
  const ledger = new Ledger(2);
  const six = opened(ledger, ada, [0, 10, 20, 30, 40, 50]);
  opened(ledger, ada, [5, 15], "t:music");
  opened(ledger, ben, [5, 15]);
  opened(ledger, ada, [90, 100]);
  expect(six.filter((entry) => ledger.isOneTooMany(entry, JAZZ))).toEqual([]);
});

it("of seven each may be the one that somebody refuses, and none of an earlier or a later hour", () => {
  const ledger = new Ledger(2);
  const early = opened(ledger, ada, [0]);
  const seven = opened(ledger, ada, [100, 110, 120, 130, 140, 150, 160]);
  const late = opened(ledger, ada, [260]);
  expect(seven.every((entry) => ledger.isOneTooMany(entry, JAZZ))).toBe(true);
  expect([...early, ...late].some((entry) => ledger.isOneTooMany(entry, JAZZ))).toBe(false);
  expect(seven.some((entry) => ledger.isOneTooMany(entry, "t:music"))).toBe(false);
});
