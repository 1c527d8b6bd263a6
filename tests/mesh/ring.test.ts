import fc from "fast-check";
import { expect, test } from "vitest";
import { besideByKey, nextByKey } from "../../src/mesh/ring.ts";
import { compareBytes, equalBytes } from "../../src/wire/index.ts";

const key = (number: number): { readonly peer: Uint8Array } => ({ peer: new Uint8Array(32).with(0, number) });
const numberOf = (found: { readonly peer: Uint8Array } | null): number | undefined => found?.peer[0];

test.each([
  ["between two others", 5, [1, 9], 9, 1],
  ["above all others", 10, [1, 9], 1, 9],
  ["below all others", 0, [1, 9], 1, 9],
  ["among others in no order, itself among them", 5, [9, 1, 5, 7, 3], 7, 3],
])("%s", (_, self, others, next, last) => {
  const all = others.map(key);
  expect(numberOf(nextByKey(key(self).peer, all))).toBe(next);
  expect(besideByKey(key(self).peer, all).map(numberOf)).toEqual([next, last]);
});

test("alone there is nobody", () => {
  expect(nextByKey(key(5).peer, [])).toBeNull();
  expect(besideByKey(key(5).peer, [key(5)])).toEqual([]);
});

test("one other is next and last, and there once", () => {
  expect(besideByKey(key(5).peer, [key(9), key(5)]).map(numberOf)).toEqual([9]);
});

test("from one to the next leads through everybody, and back", () => {
  const keys = fc.uniqueArray(fc.uint8Array({ minLength: 32, maxLength: 32 }), {
    minLength: 2,
    maxLength: 40,
    comparator: equalBytes,
  });
  fc.assert(
    fc.property(keys, (peers) => {
      const all = peers.map((peer) => ({ peer }));
      const [start] = all as [{ peer: Uint8Array }];
      const met: Uint8Array[] = [];
      for (let at = start.peer; met.length < all.length; at = (nextByKey(at, all) as { peer: Uint8Array }).peer) {
        const next = nextByKey(at, all) as { peer: Uint8Array };
        expect(besideByKey(next.peer, all).map(({ peer }) => peer)).toContain(at);
        met.push(at);
      }
      expect(met.toSorted(compareBytes)).toEqual(peers.toSorted(compareBytes));
    }),
  );
});
