import { afterAll, describe, expect, it } from "vitest";
import { lightAborts } from "./abort.ts";
import { inlineEd25519 } from "./crypto.ts";
import { nativeHex } from "./hex.ts";
import { SMALL, TINY, World, type Mutation, type WorldReport } from "./world/index.ts";

const restore = [inlineEd25519(), lightAborts(), nativeHex()];
afterAll(() => restore.forEach((undo) => undo()));

/** What a check says of its rule, without times and numbers. */
function broken({ breaches }: WorldReport): string[] {
  return [...new Set(breaches.map((line) => line.split(" ")[1]?.replace(":", "") ?? ""))].toSorted();
}

describe("a small world", () => {
  it("keeps every promise while people come and go and the network splits", { timeout: 600_000 }, async () => {
    // What a coalition boosts for itself is a story of its own, below.
    const report = await new World({ ...SMALL, coalition: 0 }).run();
    expect(report.breaches).toEqual([]);
    // Each check has looked at something.
    for (const line of report.lines)
      expect(line).not.toMatch(/(?<![\d.])0 (envelopes|messages|posts|of spam|came back)/);
  });

  it("happens again in every detail with the same seed, and otherwise with another", { timeout: 600_000 }, async () => {
    const [first, again, other] = [
      await new World(TINY).run(),
      await new World(TINY).run(),
      await new World({ ...TINY, seed: 2 }).run(),
    ];
    expect(first.events).toBeGreaterThan(500);
    expect(again).toEqual(first);
    expect(other.digest).not.toBe(first.digest);
  });
});

describe("a coalition that boosts and certifies itself", () => {
  it(
    "is heard elsewhere: two keys are all that a boost takes (docs/scale.md says what would bound it)",
    { timeout: 600_000 },
    async () => {
      const report = await new World({ ...TINY, coalition: 4 }).run();
      expect(broken(report)).toContain("coalition-stays");
    },
  );
});

describe("the checks notice", () => {
  it.each<[Mutation, string]>([
    ["leak-trusted", "trusted-only"],
    ["trust-strangers", "trusted-only"],
    ["pass-unproven", "evidence-stands"],
    ["vouch-for-oneself", "evidence-stands"],
    ["no-relays", "endorsed-reaches"],
    ["tasteless", "spam-stays"],
    ["stays-split", "same-after-healing"],
    ["asks-nobody", "absent-catches-up"],
  ])("%s", { timeout: 600_000 }, async (mutation, check) => {
    const report = await new World(TINY, { mutations: [mutation] }).run();
    expect(broken(report)).toContain(check);
  });
});
