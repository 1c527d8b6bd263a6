import { beforeEach, describe, expect, it } from "vitest";
import { MAX_ANNOUNCED, Providing } from "../../src/peer/providing.ts";
import { abortable } from "../../src/mesh/protocols/index.ts";
import type { Hash } from "../../src/wire/index.ts";
import { VirtualClock } from "../sim/clock.ts";

const hash = (number: number): Hash => {
  const bytes = new Uint8Array(32);
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
};
const numberOf = (bytes: Hash): number => new DataView(bytes.buffer).getUint32(0);

describe("announcing what can be had here", () => {
  let clock: VirtualClock;
  let linked: boolean;
  let failing: boolean;
  let hanging: boolean;
  let tried: number[];
  let faults: unknown[];
  let providing: Providing;

  beforeEach(() => {
    clock = new VirtualClock();
    [linked, failing, hanging] = [true, false, false];
    tried = [];
    faults = [];
    providing = new Providing({
      clock,
      log: (_context, error) => faults.push(error),
      mesh: {
        peers: () => (linked ? [new Uint8Array(32)] : []),
        async provide(key, { signal } = {}) {
          tried.push(numberOf(key));
          if (hanging) await abortable(new Promise<void>(() => undefined), signal);
          if (failing) throw new Error("no route");
        },
      },
    });
    return () => providing.stop();
  });

  it("tells the latest first, each once, one in two seconds", async () => {
    providing.add([hash(1), hash(2), hash(3)]);
    await clock.settle();
    expect(tried).toEqual([3]);
    await clock.advance(1_999);
    expect(tried).toEqual([3]);
    await clock.advance(60_000);
    expect(tried).toEqual([3, 2, 1]);
  });

  it("waits for somebody to tell", async () => {
    linked = false;
    providing.add([hash(1)]);
    await clock.advance(600_000);
    expect(tried).toEqual([]);
    linked = true;
    providing.poke();
    await clock.settle();
    expect(tried).toEqual([1]);
  });

  it("tries again a minute after a failure, or with the next link", async () => {
    failing = true;
    providing.add([hash(1)]);
    await clock.advance(59_000);
    expect(tried).toEqual([1]);
    await clock.advance(2_000);
    expect(tried).toEqual([1, 1]);
    failing = false;
    providing.poke();
    await clock.settle();
    expect(tried).toEqual([1, 1, 1]);
    await clock.advance(600_000);
    expect(tried).toEqual([1, 1, 1]);
    expect(faults).toMatchObject([{ message: "no route" }, { message: "no route" }]);
  });

  it("forgets the oldest when there are too many", async () => {
    linked = false;
    providing.add(Array.from({ length: MAX_ANNOUNCED + 2 }, (_, at) => hash(at)));
    linked = true;
    providing.poke();
    await clock.advance(2_000 * (MAX_ANNOUNCED + 10));
    expect(tried).toHaveLength(MAX_ANNOUNCED);
    expect(tried.at(-1)).toBe(2);
  });

  it("ends at once, in the midst of an announcement, and without a fault", async () => {
    hanging = true;
    providing.add([hash(1), hash(2)]);
    await clock.settle();
    providing.stop();
    providing.add([hash(3)]);
    await clock.advance(600_000);
    expect(tried).toEqual([2]);
    expect(faults).toEqual([]);
  });
});
