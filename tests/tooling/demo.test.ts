/** What goes on in the demonstration town for as long as it runs: nothing twice, nothing of what nobody has said, and no end. */
import { describe, expect, test } from "vitest";
import { further, MOST_CHOSEN, seeded } from "../../scripts/demo/further.mjs";
import { PASSAGES } from "../../scripts/demo/passages.mjs";
import { BOOSTS, CHOSEN, COLUMNS, PIECES, TRUST } from "../../scripts/demo/shelf.mjs";

type Column = keyof typeof COLUMNS;

const columns = Object.keys(COLUMNS) as Column[];
const town = { columns, pieces: PIECES };
/** More than there are answers (those of 45 pieces with each other), so that all but notes has come to its end. */
const LONG = 6_000;

type Act = ReturnType<typeof further> extends Generator<infer Each> ? Each : never;

function acts(seed: number, count: number, done: (act: Act) => boolean = () => true): Act[] {
  const going = further(seeded(seed), town);
  const all: Act[] = [];
  let step = going.next(true);
  while (step.done !== true && all.length < count) {
    all.push(step.value);
    step = going.next(done(step.value));
  }
  return all;
}

describe("the demonstration town after its shelf", () => {
  const all = acts(1, LONG);
  const published = all.flatMap((act) => (act.kind === "publish" ? [act.piece] : []));

  test("goes on without an end, the same way for the same seed", () => {
    expect(all.length).toBe(LONG);
    expect(acts(1, 200)).toEqual(all.slice(0, 200));
    expect(acts(2, 200)).not.toEqual(all.slice(0, 200));
  });

  test("does a bit of everything within the first hour of its pace", () => {
    const first = all.slice(0, 48);
    expect(new Set(first.map(({ kind }) => kind))).toEqual(new Set(["publish", "boost", "trust", "choose"]));
    expect(first.some((act) => act.kind === "publish" && act.piece.answers !== undefined)).toBe(true);
  });

  test("says every passage once, and no text a second time", () => {
    const texts = [...PIECES, ...published].map(({ text }) => text);
    expect(new Set(texts).size).toBe(texts.length);
    expect(published.filter(({ answers }) => answers === undefined).toSorted(byId)).toEqual(PASSAGES.toSorted(byId));
  });

  test("boosts nothing twice and nobody their own, and trusts nobody twice", () => {
    const authors = new Map([...PIECES, ...PASSAGES].map(({ by, id }) => [id, by]));
    const boosts = all.flatMap((act) => (act.kind === "boost" ? [`${act.by} ${act.id}`] : []));
    const before = BOOSTS.map(([who, id]) => `${who} ${id}`);
    expect(new Set([...before, ...boosts]).size).toBe(before.length + boosts.length);
    expect(boosts.filter((boost) => authors.get(boost.split(" ")[1] ?? "") === boost.split(" ")[0])).toEqual([]);
    const trust = all.flatMap((act) => (act.kind === "trust" ? [`${act.who} ${act.whom}`] : []));
    expect(new Set([...TRUST.map((pair) => pair.join(" ")), ...trust]).size).toBe(
      columns.length * (columns.length - 1),
    );
  });

  test("keeps a feed that does not grow on, and puts nothing in that is there", () => {
    let feed = CHOSEN.entries.map(([id]) => id).toReversed();
    for (const act of all) {
      if (act.kind !== "choose") continue;
      expect(feed).not.toContain(act.id);
      if (act.instead !== null) expect(feed.at(-1)).toBe(act.instead);
      feed = [act.id, ...feed.filter((id) => id !== act.instead)];
      expect(feed.length).toBeLessThanOrEqual(MOST_CHOSEN);
    }
    expect(feed.length).toBe(MOST_CHOSEN);
  });

  test("refers to nothing that could not be published", () => {
    const failed = new Set<string>();
    const named = acts(1, LONG, (act) => {
      if (act.kind !== "publish" || act.piece.by !== "sky") return true;
      failed.add(act.piece.id);
      return false;
    }).flatMap((act) => {
      if (act.kind === "publish") return [act.piece.answers, ...(act.piece.refers ?? [])];
      return act.kind === "trust" ? [] : [act.id];
    });
    expect(failed.size).toBeGreaterThan(0);
    expect(named.filter((id) => id !== undefined && failed.has(id))).toEqual([]);
  });
});

function byId(one: { id: string }, other: { id: string }): number {
  return one.id.localeCompare(other.id);
}
