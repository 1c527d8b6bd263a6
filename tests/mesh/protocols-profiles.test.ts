import { beforeEach, describe, expect, it } from "vitest";
import { createProfiles, type FoundProfile, type Profiles } from "../../src/mesh/protocols/index.ts";
import { toHex, type NodeKey } from "../../src/wire/index.ts";
import { VirtualClock } from "../sim/clock.ts";

const key = (number: number): NodeKey => new Uint8Array(32).fill(number);
const [near, far] = [key(201), key(202)];

let clock: VirtualClock;
let profiles: Profiles;
/** Questions, by neighbour and number of keys. */
let asked: { from: NodeKey; owners: string[]; at: number }[];
let found: FoundProfile[];
let held: Set<string>;
/** Authors that the disk was asked for. */
let lookedFor: string[];
/** Who knows whom. */
let knowledge: Map<NodeKey, (owner: NodeKey) => boolean>;

beforeEach(() => {
  clock = new VirtualClock();
  asked = [];
  found = [];
  held = new Set();
  lookedFor = [];
  knowledge = new Map();
  profiles = createProfiles({
    clock,
    has: async (author) => {
      lookedFor.push(toHex(author));
      return held.has(toHex(author));
    },
    receive: async (profile) => {
      found.push(profile);
      held.add(toHex(profile.owner));
    },
    client: {
      async heads(from, keys) {
        asked.push({ from, owners: keys.map(({ owner }) => toHex(owner)), at: clock.now() });
        const knows = knowledge.get(from);
        if (knows === undefined) throw new Error("unreachable");
        return keys.map(({ owner }) => (knows(owner) ? [Uint8Array.of(1)] : []));
      },
    },
  });
  return () => profiles.stop();
});

describe("profiles of authors", () => {
  it("are asked for once, together, of the neighbour that brought them", async () => {
    knowledge.set(near, () => true);
    for (let at = 0; at < 10; at++) profiles.met([key(1), key(2), key(at % 3)], near);
    profiles.met([key(1)], far);
    await clock.advance(5_000);
    expect(asked).toHaveLength(1);
    expect(found.map(({ owner }) => owner)).toEqual([key(1), key(2), key(0)]);
    profiles.met([key(1), key(2)], near);
    await clock.advance(5_000);
    expect(asked).toHaveLength(1);
  });

  it("are looked for on the disk once, where they are held", async () => {
    held.add(toHex(key(1)));
    for (let at = 0; at < 3; at++) {
      profiles.met([key(1)], near);
      await clock.advance(1_000);
    }
    expect(lookedFor).toEqual([toHex(key(1))]);
    expect(asked).toEqual([]);
  });

  it("are asked for at a steady pace when there are many", async () => {
    knowledge.set(near, () => true);
    const authors = Array.from({ length: 200 }, (_, at) => {
      const author = new Uint8Array(32);
      author[0] = at;
      return author;
    });
    profiles.met(authors, near);
    await clock.advance(10_000);
    expect(asked.map(({ owners }) => owners.length)).toEqual([64, 64, 64, 8]);
    for (const [at, { at: time }] of asked.entries()) {
      if (at > 0) expect(time - (asked[at - 1] as { at: number }).at).toBeGreaterThanOrEqual(500);
    }
    expect(found).toHaveLength(200);
  });

  it("are asked of the next neighbour when the first lacks them or is gone", async () => {
    knowledge.set(far, (owner) => toHex(owner) === toHex(key(1)));
    profiles.met([key(1), key(2)], near);
    profiles.met([key(1), key(2)], far);
    await clock.advance(4_000);
    expect(found).toEqual([{ owner: key(1), versions: [Uint8Array.of(1)], from: far }]);
  });

  it("are asked for again after a while, since a profile may travel behind the first envelope", async () => {
    profiles.met([key(1)], near);
    await clock.advance(4_000);
    expect(found).toEqual([]);
    knowledge.set(near, () => true);
    await clock.advance(5_000);
    expect(found).toHaveLength(1);
  });

  it("are asked for a few times only when nobody has them, then with the next envelope of the author", async () => {
    profiles.met([key(1)], near);
    await clock.advance(3_600_000);
    const questions = asked.length;
    expect(questions).toBe(4);
    await clock.advance(3_600_000);
    expect(asked).toHaveLength(questions);
    profiles.met([key(1)], near);
    await clock.advance(4_000);
    expect(asked).toHaveLength(questions + 1);
  });

  it("are asked for again on request, although they are held", async () => {
    knowledge.set(near, () => true);
    held.add(toHex(key(1)));
    profiles.refresh([key(1)], near);
    await clock.advance(5_000);
    expect(found).toHaveLength(1);
  });

  it("are not asked for again within the hour by their owner's word, or by that of three others", async () => {
    const others = [near, far, key(203), key(204)];
    for (const from of others) knowledge.set(from, () => true);
    const owner = key(1);
    knowledge.set(owner, () => true);
    const questions = async (from: NodeKey, author: NodeKey): Promise<number> => {
      asked.length = 0;
      profiles.refresh([author], from);
      await clock.advance(5_000);
      return asked.length;
    };
    expect(await questions(owner, owner)).toBe(1);
    expect(await questions(owner, owner)).toBe(0);
    expect(await questions(near, owner)).toBe(0);
    const counts: number[] = [];
    for (const from of others) counts.push(await questions(from, key(2)));
    expect(counts).toEqual([1, 1, 1, 0]);
    await clock.advance(3_600_000);
    expect([await questions(owner, owner), await questions(near, key(2))]).toEqual([1, 1]);
  });

  it("are asked for of everybody who is met while nobody has them, and of an owner who has none once", async () => {
    const others = [near, far, key(203), key(204), key(205)];
    const owner = key(1);
    for (const from of [...others, owner]) knowledge.set(from, () => false);
    const refresh = async (from: NodeKey, author: NodeKey): Promise<void> => {
      profiles.refresh([author], from);
      await clock.advance(5_000);
    };
    for (const from of others) await refresh(from, key(2));
    expect(asked).toHaveLength(others.length);
    for (let time = 0; time < 3; time++) await refresh(owner, owner);
    expect(asked).toHaveLength(others.length + 1);
  });

  it("are not asked for after the end", async () => {
    knowledge.set(near, () => true);
    profiles.met([key(1)], near);
    profiles.stop();
    profiles.met([key(2)], near);
    await clock.advance(5_000);
    expect(asked).toEqual([]);
  });
});
