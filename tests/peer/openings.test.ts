/** Certificates in the order in which they opened something, against a list that is looked through. */
import { describe, expect, it } from "vitest";
import type { HeldCertificate } from "../../src/peer/reach/book.ts";
import { Openings } from "../../src/peer/reach/openings.ts";
import type { PromotionCertificate } from "../../src/wire/index.ts";
import { SeededRandom } from "../sim/random.ts";

const certificate = {} as PromotionCertificate;
const opening = (became: number, number: number): HeldCertificate => ({
  hash: new Uint8Array(32).fill(number),
  certificate,
  became,
});

describe("what became more widely heard", () => {
  it("comes in order from any number on, whatever was removed, whenever it was added", () => {
    const random = new SeededRandom(7);
    const openings = new Openings();
    const held: HeldCertificate[] = [];
    for (let step = 0; step < 400; step++) {
      if (random.next() < 0.4 && held.length > 0) {
        const [gone] = held.splice(random.below(held.length), 1);
        openings.remove(gone as HeldCertificate);
      } else {
        // Nearly always higher than all before.
        const added = opening(random.next() < 0.9 ? step + 1 : random.below(step + 1), step & 255);
        openings.add(added);
        if (added.became > 0) held.push(added);
      }
      const since = random.below(step + 2);
      const expected = held.filter(({ became }) => became > since);
      const found = [...openings.since(since)];
      expect(new Set(found)).toEqual(new Set(expected));
      expect(found.map(({ became }) => became)).toEqual(expected.map(({ became }) => became).toSorted((a, b) => a - b));
    }
    expect(held.length).toBeGreaterThan(20);
  });

  it("is nothing where the certificate came with its envelope", () => {
    const openings = new Openings();
    const together = opening(0, 1);
    openings.add(together);
    expect([...openings.since(-1)]).toEqual([]);
    openings.remove(together);
    expect([...openings.since(-1)]).toEqual([]);
  });
});
