import { streamPair } from "@libp2p/utils";
import type { Stream } from "@libp2p/interface";
import { Uint8ArrayList } from "uint8arraylist";
import { describe, expect, test, vi } from "vitest";
import { frameStream, type FrameLimits } from "../../src/mesh/frames.ts";
import type { FrameStream } from "../../src/mesh/port.ts";
import { VirtualClock } from "../sim/clock.ts";
import { SeededRandom } from "../sim/random.ts";

const LEFT = new Uint8Array(32).fill(1);
const RIGHT = new Uint8Array(32).fill(2);

interface Pair {
  readonly left: FrameStream;
  readonly right: FrameStream;
  /** What is underneath, for bytes that no frame stream would write. */
  readonly rawLeft: Stream;
  readonly rawRight: Stream;
  readonly clock: VirtualClock;
}

async function pair(limits: Partial<FrameLimits> = {}, capacity?: number): Promise<Pair> {
  const clock = new VirtualClock();
  const [rawLeft, rawRight] = await streamPair(capacity === undefined ? {} : { capacity });
  return {
    left: frameStream(rawLeft, RIGHT, { limits, clock }),
    right: frameStream(rawRight, LEFT, { limits, clock }),
    rawLeft,
    rawRight,
    clock,
  };
}

const eventually = (check: () => void | Promise<void>): Promise<void> =>
  vi.waitFor(check, { timeout: 10_000, interval: 10 });
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

describe("frames", () => {
  test("come out as they went in, whatever their length", async () => {
    const { left, right } = await pair();
    const random = new SeededRandom(1);
    const frames = [0, 1, 127, 128, 16_383, 16_384, 65_536, 300_000].map((length) => random.bytes(length));
    const sending = (async () => {
      for (const frame of frames) await left.write(frame);
      await left.close();
    })();
    for (const frame of frames) expect(await right.read()).toEqual(frame);
    expect(await right.read()).toBeNull();
    expect(await right.read()).toBeNull();
    await right.close();
    await sending;
  });

  test("go both ways at once", async () => {
    const { left, right } = await pair();
    await Promise.all([left.write(bytes(1)), right.write(bytes(2))]);
    expect(await Promise.all([left.read(), right.read()])).toEqual([bytes(2), bytes(1)]);
  });

  test("are put together from pieces and taken apart from heaps", async () => {
    const { rawLeft, right } = await pair();
    for (const byte of [3, 10, 20, 30, 1, 40, 0]) rawLeft.send(bytes(byte));
    expect(await right.read()).toEqual(bytes(10, 20, 30));
    expect(await right.read()).toEqual(bytes(40));
    expect(await right.read()).toEqual(bytes());
    rawLeft.send(bytes(1, 7, 2, 8, 9));
    expect(await right.read()).toEqual(bytes(7));
    expect(await right.read()).toEqual(bytes(8, 9));
  });

  test("name the peer at the other end", async () => {
    const { left, right } = await pair();
    expect([left.peer, right.peer]).toEqual([RIGHT, LEFT]);
  });
});

describe("a reader", () => {
  test("resets a stream that announces more than the limit, before it has come", async () => {
    const { rawLeft, right } = await pair({ maxFrame: 100 });
    rawLeft.send(bytes(101));
    await expect(right.read()).rejects.toMatchObject({ code: "FRAME_TOO_LARGE" });
    await eventually(() => expect(rawLeft.status).toBe("reset"));
    await expect(right.read()).rejects.toMatchObject({ code: "FRAME_TOO_LARGE" });
  });

  test.each([
    ["a length that never ends", bytes(0x80, 0x80, 0x80, 0x80, 0x80)],
    ["a length with a spare group", bytes(0x81, 0x00, 5)],
  ])("takes %s for a violation", async (_, sent) => {
    const { rawLeft, right } = await pair();
    rawLeft.send(sent);
    await expect(right.read()).rejects.toMatchObject({ code: "PROTOCOL_VIOLATION" });
  });

  test("tells an end between frames from an end inside one", async () => {
    const between = await pair();
    between.rawLeft.send(bytes(1, 5));
    void between.rawLeft.close();
    expect(await between.right.read()).toEqual(bytes(5));
    expect(await between.right.read()).toBeNull();

    const inside = await pair();
    inside.rawLeft.send(bytes(3, 5));
    void inside.rawLeft.close();
    await expect(inside.right.read()).rejects.toMatchObject({ code: "STREAM_RESET" });
  });

  test("learns of a reset, and not why", async () => {
    const { left, right } = await pair();
    const reading = right.read();
    left.abort(new Error("a secret of this side"));
    await expect(reading).rejects.toMatchObject({ code: "STREAM_RESET" });
    await reading.catch((error: Error) => expect(`${error.message} ${String(error.cause)}`).not.toContain("secret"));
  });

  test("waits for ever between frames, but not inside one", async () => {
    const { rawLeft, right, clock } = await pair({ frameTimeout: 1_000 });
    const reading = right.read();
    const failed = expect(reading).rejects.toMatchObject({ code: "TIMEOUT" });
    await clock.advance(3_600_000);
    rawLeft.send(bytes(2, 1));
    await eventually(() => expect(rawLeft.writeBufferLength).toBe(0));
    await eventually(async () => {
      await clock.advance(1_000);
      expect(rawLeft.status).toBe("reset");
    });
    await failed;
  });

  test("can be called off and goes on where it was", async () => {
    const { left, right } = await pair();
    const controller = new AbortController();
    const reading = right.read({ signal: controller.signal });
    controller.abort(new Error("no longer wanted"));
    await expect(reading).rejects.toThrow("no longer wanted");
    await left.write(bytes(9));
    expect(await right.read()).toEqual(bytes(9));
  });

  test("that does not read pauses the stream instead of hoarding", async () => {
    const { left, rawRight, right } = await pair();
    await left.write(new Uint8Array(100_000));
    await left.write(new Uint8Array(100_000));
    await eventually(() => expect(rawRight.readStatus).toBe("paused"));
    expect(await right.read()).toHaveLength(100_000);
    expect(await right.read()).toHaveLength(100_000);
    await left.write(bytes(1));
    expect(await right.read()).toEqual(bytes(1));
  });

  test("gets all that was sent before a graceful end, however late it reads", async () => {
    const { left, right } = await pair();
    for (let frame = 0; frame < 20; frame++) await left.write(new Uint8Array(20_000).fill(frame));
    const closing = left.close();
    for (let frame = 0; frame < 20; frame++) expect(await right.read()).toEqual(new Uint8Array(20_000).fill(frame));
    expect(await right.read()).toBeNull();
    await right.close();
    await closing;
  });
});

/** A stream whose transport is full until it is told otherwise. */
function fullStream(): { stream: Stream; sent: Uint8ArrayList[]; drain(): void; close(error?: Error): void } {
  const sent: Uint8ArrayList[] = [];
  const target = new EventTarget();
  const stream = Object.assign(target, {
    writableNeedsDrain: true,
    readStatus: "readable",
    readableEnded: false,
    readBufferLength: 0,
    send(data: Uint8ArrayList) {
      sent.push(data);
      return false;
    },
    abort() {},
  });
  return {
    stream: stream as unknown as Stream,
    sent,
    drain() {
      stream.writableNeedsDrain = false;
      target.dispatchEvent(new Event("drain"));
    },
    close(error) {
      target.dispatchEvent(Object.assign(new Event("close"), { error }));
    },
  };
}

describe("a writer", () => {
  test("waits for the transport each time, not only the first", async () => {
    const full = fullStream();
    const frames = frameStream(full.stream, RIGHT, { clock: new VirtualClock() });
    for (let round = 0; round < 3; round++) {
      Object.assign(full.stream, { writableNeedsDrain: true });
      let written = false;
      const writing = frames.write(bytes(round)).then(() => (written = true));
      await new Promise((resolve) => setImmediate(resolve));
      expect(written).toBe(false);
      full.drain();
      await writing;
    }
    expect(full.sent).toHaveLength(3);
  });

  test("gives up when there is no room in time, and the stream with it", async () => {
    const full = fullStream();
    const clock = new VirtualClock();
    const frames = frameStream(full.stream, RIGHT, { clock, limits: { writeTimeout: 500 } });
    const failed = expect(frames.write(bytes(1))).rejects.toMatchObject({ code: "TIMEOUT" });
    await clock.advance(500);
    await failed;
    await expect(frames.write(bytes(2))).rejects.toMatchObject({ code: "TIMEOUT" });
    expect(full.sent).toHaveLength(1);
  });

  test("hears when the stream closes while it waits", async () => {
    const full = fullStream();
    const frames = frameStream(full.stream, RIGHT, { clock: new VirtualClock() });
    const failed = expect(frames.write(bytes(1))).rejects.toMatchObject({ code: "STREAM_RESET" });
    full.close(new Error("gone"));
    await failed;
  });

  test("can be called off while it waits, which ends the stream: half a frame cannot be taken back", async () => {
    const full = fullStream();
    const frames = frameStream(full.stream, RIGHT, { clock: new VirtualClock() });
    const controller = new AbortController();
    const failed = expect(frames.write(bytes(1), { signal: controller.signal })).rejects.toThrow("enough");
    controller.abort(new Error("enough"));
    await failed;
    await expect(frames.read()).rejects.toThrow("enough");
  });

  test("refuses what the other side would not take, and stays usable", async () => {
    const { left, right } = await pair({ maxFrame: 10 });
    await expect(left.write(new Uint8Array(11))).rejects.toMatchObject({ code: "FRAME_TOO_LARGE" });
    await left.write(new Uint8Array(10));
    expect(await right.read()).toHaveLength(10);
  });

  test("is held back by a transport with little room", async () => {
    const { left, right } = await pair({}, 2);
    const frames = 50;
    const sending = (async () => {
      for (let frame = 0; frame < frames; frame++) await left.write(new Uint8Array(1_000).fill(frame));
      await left.close();
    })();
    let count = 0;
    for (let frame = await right.read(); frame !== null; frame = await right.read()) count++;
    expect(count).toBe(frames);
    await right.close();
    await sending;
  });
});

describe("a side that was opened to", () => {
  test("does not wait for ever for the first word", async () => {
    const { clock, rawRight, right } = await pair({ firstFrameTimeout: 15_000 });
    const failed = expect(right.read()).rejects.toMatchObject({ code: "SILENT_STREAM" });
    await clock.advance(14_999);
    expect(rawRight.status).toBe("open");
    await clock.advance(1);
    await failed;
    expect(rawRight.status).toBe("aborted");
  });

  test("nor for one that never ends", async () => {
    const { clock, rawLeft, right } = await pair({ firstFrameTimeout: 15_000 });
    const failed = expect(right.read()).rejects.toMatchObject({ code: "SILENT_STREAM" });
    rawLeft.send(bytes(200, 1, 7));
    await clock.advance(15_000);
    await failed;
  });

  test("may hear nothing for long after that", async () => {
    const { clock, left, right } = await pair({ firstFrameTimeout: 15_000 });
    await left.write(bytes(1));
    expect(await right.read()).toEqual(bytes(1));
    const next = right.read();
    await clock.advance(600_000);
    await left.write(bytes(2));
    expect(await next).toEqual(bytes(2));
  });
});
