/** Asking what time it is: of many at once. */
import { describe, expect, it } from "vitest";
import { MeshError } from "../../src/mesh/errors.ts";
import { ClockSkew } from "../../src/peer/clock-skew.ts";
import { VirtualClock } from "../sim/clock.ts";

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
