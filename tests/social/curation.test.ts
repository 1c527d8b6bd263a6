import { encode } from "cborg";
import { describe, expect, it } from "vitest";
import { checkCurated } from "../../src/social/index.ts";
import {
  EMPTY_LAYOUT,
  entriesOf,
  feedHash,
  inserted,
  linkTo,
  MAX_PAGES,
  noted,
  pageName,
  pageOf,
  placeIn,
  wholeFeed,
  without,
  type Layout,
} from "../../src/social/curation/index.ts";
import { encodeObject, scopeFromKey, toHex, type CuratedEntry } from "../../src/wire/index.ts";
import { SeededRandom } from "../sim/random.ts";

const CURATOR = new Uint8Array(32).fill(7);
const KEY = { curator: CURATOR, name: "Bridges" };

function entry(number: number, note: string | null = null): CuratedEntry {
  const postHash = new Uint8Array(32);
  new DataView(postHash.buffer).setUint32(0, number);
  return { postHash, added: number, note };
}

/** As it goes over the wire: the entries of the first page with those that stand for the others. */
function firstOf({ first, pages }: Layout): CuratedEntry[] {
  return [...first, ...pages.map(({ number }) => linkTo(KEY, { number, updated: 1 }))];
}

function bytesOf(entries: readonly CuratedEntry[], name = "\u{10FFFF}".repeat(64)): number {
  const widest = scopeFromKey(`g:${Array.from({ length: 8 }, () => "a".repeat(32)).join("/")}`);
  return encodeObject({
    type: "CuratedFeed",
    curator: CURATOR,
    name,
    description: "\u{10FFFF}".repeat(500),
    entries: [...entries],
    scope: widest,
    updated: Number.MAX_SAFE_INTEGER,
    sequence: Number.MAX_SAFE_INTEGER,
    kickbackRate: 255,
    signature: new Uint8Array(64),
  }).length;
}

function read(layout: Layout) {
  const pages = new Map(layout.pages.map(({ entries, number }) => [number, entries]));
  return wholeFeed(KEY, { entries: firstOf(layout) }, (number) => pages.get(number));
}

describe("names of feeds and pages", () => {
  it("tell curators, feeds and pages apart, and fit where a name may stand", () => {
    const others = [
      feedHash(KEY),
      feedHash({ ...KEY, name: "bridges" }),
      feedHash({ ...KEY, curator: new Uint8Array(32) }),
    ];
    expect(new Set(others.map(toHex)).size).toBe(3);
    expect(pageName("Bridges", 2)).toHaveLength(64);
    expect(pageName("Bridges", 2)).not.toBe(pageName("Bridges", 3));
    expect(pageOf({ name: pageName("Bridges", 64), description: "Bridges" })).toEqual({ name: "Bridges", number: 64 });
    expect(pageOf({ name: pageName("Bridges", 2), description: "Tunnels" })).toBeNull();
    expect(pageOf({ name: "Bridges", description: "Bridges" })).toBeNull();
  });
});

describe("a feed of too many entries in one object", () => {
  const bytesWith = (count: number): Uint8Array => {
    const entries = Array.from({ length: count }, (_, at) => [entry(at).postHash, at, null]);
    const scope = [0, ["europe"]];
    return encode([4, CURATOR, "Bridges", "", entries, scope, 1, 1, 0, new Uint8Array(64)]);
  };

  it("is refused by its size alone, or by their number, and is no mistake of whoever sends it", async () => {
    const verify = (): Promise<boolean> => Promise.reject(new Error("no signature is looked at"));
    const large = await checkCurated(bytesWith(10_000), KEY, 10, verify);
    expect(large).toEqual({ kind: "refused", code: "TOO_LARGE", misdeed: true });
    const many = await checkCurated(bytesWith(257), KEY, 10, verify);
    expect(many).toEqual({ kind: "refused", code: "LIST_TOO_LONG", misdeed: true });
  });
});

describe("the pages of a curated feed", () => {
  it("keep the curator's order through every change, and every page fits its object", () => {
    const random = new SeededRandom(11);
    const below = (most: number): number => Math.floor(random.next() * most);
    let layout: Layout = EMPTY_LAYOUT;
    const expected: CuratedEntry[] = [];
    for (let round = 0; round < 2_000; round++) {
      const dice = random.next();
      if (dice < 0.75 || expected.length === 0) {
        const at = random.next() < 0.5 ? 0 : below(expected.length + 1);
        const added = entry(round, random.next() < 0.3 ? "\u{1F309}".repeat(below(281)) || null : null);
        const next = inserted(layout, added, at);
        expect(next).not.toBeNull();
        layout = next!;
        expected.splice(at, 0, added);
      } else {
        const at = below(expected.length);
        const [gone] = expected.splice(at, 1);
        layout = without(layout, gone!.postHash);
      }
    }
    expect(entriesOf(layout)).toEqual(expected);
    expect(read(layout)).toMatchObject({ entries: expected, missing: [] });
    expect(layout.pages.length).toBeGreaterThan(2);
    expect(new Set(layout.pages.map(({ number }) => number)).size).toBe(layout.pages.length);
    expect(bytesOf(firstOf(layout))).toBeLessThanOrEqual(65_536);
    for (const { entries } of layout.pages) {
      expect(entries.length).toBeGreaterThan(0);
      expect(bytesOf(entries, pageName("Bridges", 2))).toBeLessThanOrEqual(65_536);
    }
  });

  it("hold 10,000 entries, and refuse what is too much for all of them", () => {
    let layout: Layout | null = EMPTY_LAYOUT;
    let count = 0;
    while (layout !== null && count < 20_000) {
      const next: Layout | null = inserted(layout, entry(count), 0);
      if (next === null) break;
      layout = next;
      count++;
    }
    // A page is full when half of it moves on; the best case of 64 full ones is 16,257 posts.
    expect(count).toBeGreaterThan(10_000);
    expect(count).toBeLessThan(20_000);
    expect(layout.pages).toHaveLength(MAX_PAGES - 1);
    expect(entriesOf(layout).map(({ added }) => added)).toEqual(
      Array.from({ length: count }, (_, at) => count - 1 - at),
    );
  });

  it("are others only where something changed", () => {
    let layout: Layout = EMPTY_LAYOUT;
    for (let at = 0; at < 600; at++) layout = inserted(layout, entry(at), 0)!;
    const [second, third] = layout.pages;
    const more = inserted(layout, entry(1_000), 0)!;
    expect(more.pages[0]).toBe(second);
    const less = without(layout, third!.entries[3]!.postHash);
    expect(less.pages[0]).toBe(second);
    expect(less.first).toBe(layout.first);
    expect(less.pages[1]).not.toBe(third);
    expect(placeIn(less, third!.entries[3]!.postHash)).toBe(-1);
    const told = noted(layout, layout.first[5]!.postHash, "Look at the arches")!;
    expect(told.pages).toEqual(layout.pages);
    expect(told.first[5]).toMatchObject({ note: "Look at the arches", added: layout.first[5]!.added });
  });

  it("show each post once, leave the feed itself out, and say what is not here", () => {
    const self: CuratedEntry = { postHash: feedHash(KEY), added: 5, note: "Myself" };
    const link = (number: number): CuratedEntry => linkTo(KEY, { number, updated: 9 });
    const second = [entry(1), entry(2), link(3), self];
    const whole = wholeFeed(KEY, { entries: [entry(1), self, link(2), entry(4), link(5)] }, (number) =>
      number === 2 ? second : undefined,
    );
    expect(whole.entries).toEqual([entry(1), entry(2), entry(4)]);
    expect(whole.missing).toEqual([{ number: 5, updated: 9 }]);
    // A feed that only holds itself holds nothing.
    expect(wholeFeed(KEY, { entries: [self] }, () => undefined).entries).toEqual([]);
  });
});
