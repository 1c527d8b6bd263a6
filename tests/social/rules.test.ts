import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  BoundedMap,
  decideHead,
  feedFilter,
  FORK_FREEZE,
  HourlyRate,
  startChannels,
  type HeadState,
  type Version,
} from "../../src/social/index.ts";
import { encodeNodeId, ObjectType, scopeFromKey, toHex } from "../../src/wire/index.ts";

const key = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);

describe("an hourly rate", () => {
  const HOUR = 3_600_000;

  it("lets no more than its limit through in any hour, and the full limit in the long run", () => {
    const steps = fc.array(fc.integer({ min: 0, max: 400_000 }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), steps, (limit, steps) => {
        const rate = new HourlyRate();
        const taken: number[] = [];
        let now = 1_767_225_600_000;
        for (const step of steps) {
          now += step;
          if (rate.take("a", limit, now)) taken.push(now);
          const lastHour = taken.filter((at) => at > now - HOUR);
          expect(lastHour.length).toBeLessThanOrEqual(limit);
          // Refused only when the last 65 minutes are full.
          if (taken.at(-1) !== now) expect(taken.filter((at) => at > now - HOUR * (13 / 12))).toHaveLength(limit);
        }
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  it("keeps counting when the clock goes back", () => {
    const rate = new HourlyRate();
    expect(rate.take("a", 1, 10 * HOUR)).toBe(true);
    expect(rate.take("a", 1, 2 * HOUR)).toBe(false);
    expect(rate.take("b", 1, 2 * HOUR)).toBe(true);
  });
});

describe("a bounded map", () => {
  it("forgets what was used longest ago", () => {
    const map = new BoundedMap<string, number>(2);
    map.set("a", 1);
    map.set("b", 2);
    expect(map.get("a")).toBe(1);
    map.set("c", 3);
    expect([...map].map(([name]) => name)).toEqual(["a", "c"]);
  });
});

describe("a head", () => {
  const NOW = 1_767_225_600_000;
  const version = (sequence: number, byte: number): Version => ({
    type: ObjectType.UserProfile,
    owner: key(1),
    name: "",
    sequence,
    hash: key(byte),
    bytes: Uint8Array.of(byte),
  });
  const head = (sequence: number, byte: number): HeadState => ({
    ...version(sequence, byte),
    forkBytes: null,
    frozenUntil: 0,
  });

  it("is the first version that comes, then any with a higher sequence", () => {
    expect(decideHead(undefined, version(4, 1), NOW)).toEqual({ outcome: "newer", head: head(4, 1) });
    expect(decideHead(head(4, 1), version(9, 2), NOW)).toEqual({ outcome: "newer", head: head(9, 2) });
    expect(decideHead(head(4, 1), version(4, 1), NOW)).toEqual({ outcome: "same", head: null });
    expect(decideHead(head(4, 1), version(3, 2), NOW)).toEqual({ outcome: "older", head: null });
  });

  it("that forks keeps both versions and takes no update for 24 hours", () => {
    const { head: forked, outcome } = decideHead(head(4, 1), version(4, 2), NOW);
    expect(outcome).toBe("fork");
    expect(forked).toEqual({ ...head(4, 1), forkBytes: Uint8Array.of(2), frozenUntil: NOW + FORK_FREEZE });
    const state = forked as HeadState;
    expect(decideHead(state, version(4, 2), NOW).outcome).toBe("same");
    expect(decideHead(state, version(4, 1), NOW).outcome).toBe("same");
    expect(decideHead(state, version(4, 3), NOW)).toEqual({ outcome: "frozen", head: null });
    expect(decideHead(state, version(5, 3), NOW + FORK_FREEZE - 1)).toEqual({ outcome: "frozen", head: null });
    expect(decideHead(state, version(5, 3), NOW + FORK_FREEZE)).toEqual({ outcome: "newer", head: head(5, 3) });
  });
});

describe("feeds", () => {
  const context = { self: key(1), following: [key(2), key(3)], home: scopeFromKey("g:europe/nl") };

  it("are filters of what is held", () => {
    expect(feedFilter({ kind: "home" }, context)).toEqual({
      kind: "any",
      of: [
        { kind: "authors", authors: [key(1), key(2), key(3)] },
        { kind: "scope", scope: context.home, match: "prefix" },
      ],
    });
    expect(feedFilter({ kind: "people" }, context)).toEqual({ kind: "authors", authors: context.following });
    expect(feedFilter({ kind: "author", author: encodeNodeId(key(5)) }, context)).toEqual({
      kind: "authors",
      authors: [key(5)],
    });
    expect(feedFilter({ kind: "scope", scope: "t:gaming", match: "exact" }, context)).toEqual({
      kind: "scope",
      scope: scopeFromKey("t:gaming"),
      match: "exact",
    });
    expect(feedFilter({ kind: "replies", to: toHex(key(6)) }, context)).toEqual({
      kind: "relation",
      relation: "reply",
      target: key(6),
    });
  });

  it.each([
    [{ kind: "author", author: "mehr1nonsense" }, "NODE_ID_INVALID"],
    [{ kind: "scope", scope: "G:Europe", match: "exact" }, "SCOPE_INVALID"],
    [{ kind: "replies", to: "xyz" }, "HEX_INVALID"],
  ] as const)("of nonsense are refused: %j", (feed, code) => {
    expect(() => feedFilter(feed, context)).toThrow(expect.objectContaining({ code }));
  });
});

it("an envelope starts at its place, else at home, and nowhere without scopes", () => {
  const home = scopeFromKey("g:europe/nl");
  const channels = (...keys: string[]): string[] => startChannels({ scopes: keys.map(scopeFromKey) }, home);
  expect(channels("t:gaming", "g:asia/jp")).toEqual(["mehr/1/g/asia/jp"]);
  expect(channels("t:gaming")).toEqual(["mehr/1/g/europe/nl"]);
  expect(channels()).toEqual([]);
});
