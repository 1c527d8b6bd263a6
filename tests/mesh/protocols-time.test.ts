import { beforeEach, describe, expect, it } from "vitest";
import { initHash } from "../../src/hash/index.ts";
import { askTime, serveTime, TIME_PROTOCOL } from "../../src/mesh/protocols/index.ts";
import { Instances } from "../../src/mesh/protocols/time/index.ts";
import { encodeTimeAnswer } from "../../src/mesh/protocols/time/messages.ts";
import { VirtualClock } from "../sim/clock.ts";
import type { SimMesh } from "../sim/mesh.ts";
import { SimNetwork } from "../sim/network.ts";

await initHash();

const ONE = new Uint8Array(8).fill(1);
const TWO = new Uint8Array(8).fill(2);
const KEY = new Uint8Array(32).fill(1);
const HOUR = 3_600_000;

let clock: VirtualClock;
let asking: SimMesh;
let serving: SimMesh;

beforeEach(async () => {
  clock = new VirtualClock();
  const network = new SimNetwork({ clock, seed: 7 });
  [asking, serving] = [network.createMesh(KEY), network.createMesh(new Uint8Array(32).fill(2))];
  await asking.start();
  await serving.start();
  network.connect(asking, serving);
});

async function ask(instance = ONE): Promise<unknown> {
  let outcome: { value: unknown } | null = null;
  askTime({ mesh: asking, clock, instance }, serving.self).then(
    (value) => (outcome = { value }),
    (error: unknown) => (outcome = { value: error instanceof Error && "code" in error ? error.code : error }),
  );
  await clock.until(() => outcome !== null);
  return (outcome as { value: unknown } | null)?.value;
}

describe("asking for the time", () => {
  it("tells how far the clocks are apart, as well as a round trip lets it", async () => {
    serveTime({ mesh: serving, clock: { now: () => clock.now() - HOUR, after: (ms, task) => clock.after(ms, task) } });
    const sample = (await ask()) as { offset: number; uncertainty: number; twin: boolean };
    expect(Math.abs(sample.offset - HOUR)).toBeLessThanOrEqual(sample.uncertainty);
    expect(sample.uncertainty).toBeLessThan(1_000);
    expect(sample.twin).toBe(false);
  });

  it("blames nobody who does not tell, and everybody who talks nonsense", async () => {
    expect(await ask()).toBe("PROTOCOL_UNSUPPORTED");
    serving.handle(TIME_PROTOCOL, async (stream) => {
      await stream.read();
      await stream.close();
    });
    expect(await ask()).toBe("STREAM_RESET");
    serving.handle(TIME_PROTOCOL, async (stream) => {
      await stream.read();
      await new Promise<void>((resolve) => void clock.after(60_000, () => resolve()));
    });
    expect(await ask()).toBe("TIMEOUT");
    expect(asking.reports).toEqual([]);
    serving.handle(TIME_PROTOCOL, async (stream) => {
      await stream.read();
      await stream.write(Uint8Array.of(0x80));
    });
    expect(await ask()).toBe("MALFORMED");
    expect(asking.reports.map(({ code }) => code)).toEqual(["MALFORMED"]);
  });

  it("takes any time that fits, and nothing else, for an answer", () => {
    expect(() => encodeTimeAnswer({ now: Number.MAX_SAFE_INTEGER, twin: true })).not.toThrow();
    expect(encodeTimeAnswer({ now: -5.5, twin: false })).toEqual(encodeTimeAnswer({ now: 0, twin: false }));
  });
});

describe("instances of one key", () => {
  it("are two when they come in turns, and one after the other when one has ended", () => {
    const instances = new Instances();
    expect(instances.asked(KEY, ONE, 0)).toBe(false);
    expect(instances.asked(KEY, ONE, 1_000)).toBe(false);
    // A reload: the first is never heard again.
    expect(instances.asked(KEY, TWO, 2_000)).toBe(false);
    expect(instances.asked(KEY, TWO, 602_000)).toBe(false);
    // It is: so there are two, and both are told.
    expect(instances.asked(KEY, ONE, 603_000)).toBe(true);
    expect(instances.asked(KEY, TWO, 604_000)).toBe(true);
  });

  it("are forgotten when they have been silent for long, and kept apart by key", () => {
    const instances = new Instances();
    for (const at of [0, 1, 2]) instances.asked(KEY, at % 2 === 0 ? ONE : TWO, at);
    expect(instances.asked(KEY, TWO, 3)).toBe(true);
    expect(instances.asked(new Uint8Array(32), ONE, 4)).toBe(false);
    expect(instances.asked(KEY, TWO, HOUR)).toBe(false);
  });
});
