/** Asking what time it is: of many at once. */
import { beforeEach, describe, expect, it } from "vitest";
import { MeshError } from "../../src/mesh/errors.ts";
import type { RelayStatus } from "../../src/mesh/port.ts";
import { ClockSkew } from "../../src/peer/clock-skew.ts";
import { SIM_START, VirtualClock } from "../sim/clock.ts";

describe("a peer that meets many at once", () => {
  it("asks each by a signal of its own, and gives all of them up when it stops", async () => {
    const warnings: Error[] = [];
    const warned = (warning: Error): void => void warnings.push(warning);
    process.on("warning", warned);
    const clock = new VirtualClock();
    const asked: AbortSignal[] = [];
    const openStream = (
      _peer: Uint8Array,
      _protocol: string,
      { signal }: { signal?: AbortSignal } = {},
    ): Promise<never> =>
      new Promise((_resolve, reject) => {
        if (signal === undefined) throw new Error("a question that nothing ends");
        asked.push(signal);
        signal.addEventListener("abort", () => reject(new MeshError("STREAM_RESET", "given up")), { once: true });
      });
    const mesh = { openStream, report: () => undefined, peers: () => [], relays: () => [] };
    const skew = new ClockSkew({ mesh, clock, instance: new Uint8Array(8), onChanged: () => undefined });
    try {
      for (let at = 0; at < 40; at++) skew.met(new Uint8Array(32).fill(at));
      await clock.settle();
      // Warnings are told in a turn of their own.
      await new Promise((resolve) => setImmediate(resolve));
    } finally {
      skew.stop();
      process.off("warning", warned);
    }
    expect(warnings).toEqual([]);
    expect(asked).toHaveLength(40);
    expect(asked.every(({ aborted }) => aborted)).toBe(true);
    await clock.settle();
    skew.met(new Uint8Array(32).fill(99));
    await clock.settle();
    expect(asked).toHaveLength(40);
  });
});

describe("a peer that asks what time it is", () => {
  const [friend, other, relay] = [1, 2, 3].map((number) => new Uint8Array(32).fill(number)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  let clock: VirtualClock;
  let skew: ClockSkew;
  /** Minutes since the start, by first byte of the key. */
  let asked: Map<number, number[]>;
  let linked: Uint8Array[];
  let relays: RelayStatus[];

  beforeEach(() => {
    clock = new VirtualClock();
    asked = new Map();
    linked = [];
    relays = [];
    const openStream = async (peer: Uint8Array): Promise<never> => {
      const name = peer[0] as number;
      asked.set(name, [...(asked.get(name) ?? []), (clock.now() - SIM_START) / 60_000]);
      throw new MeshError("UNREACHABLE", "Only who was asked matters here.");
    };
    const mesh = { openStream, report: () => undefined, peers: () => linked, relays: () => relays };
    skew = new ClockSkew({ mesh, clock, instance: new Uint8Array(8), onChanged: () => undefined });
    return () => skew.stop();
  });

  const meet = (peer: Uint8Array): void => {
    linked = [...linked, peer];
    skew.met(peer);
  };
  const part = (peer: Uint8Array): void => {
    linked = linked.filter((each) => each !== peer);
    skew.parted(peer);
  };
  const times = (peer: Uint8Array): number => asked.get(peer[0] as number)?.length ?? 0;

  it("asks three times where another device with its identity is likely, and once elsewhere", async () => {
    meet(friend);
    await clock.advance(180_000);
    expect(times(friend)).toBe(3);
    meet(other);
    await clock.advance(180_000);
    expect(times(other)).toBe(1);
    part(other);
    meet(other);
    await clock.advance(180_000);
    expect(times(other)).toBe(4);
    part(other);
    await clock.advance(180_000);
    meet(other);
    await clock.advance(180_000);
    expect(times(other)).toBe(5);
  });

  it("asks no more of who has gone meanwhile", async () => {
    meet(friend);
    await clock.settle();
    part(friend);
    await clock.advance(60_000);
    expect(times(friend)).toBe(1);
  });

  it("asks neighbours every half hour, and relays every ten minutes", async () => {
    await clock.advance(180_000);
    meet(friend);
    relays = [{ state: "reserved", nodeId: relay } as RelayStatus];
    skew.look();
    skew.look();
    await clock.advance(3_600_000);
    expect(asked.get(1)).toEqual([3, 30, 60]);
    expect(times(relay)).toBe(3 + 6);
  });
});
