/** Small messages of one turn leave as one; nothing changes its place, and nothing is lost at the end. */
import { describe, expect, test } from "vitest";
import { Batch } from "../../src/mesh/rtc/batch.ts";
import { WorkerDataChannel } from "../../src/mesh/rtc/channel.ts";
import { SeededRandom } from "../sim/random.ts";

function collecting(): { batch: Batch; sent: Uint8Array[]; endTurn: () => void } {
  const sent: Uint8Array[] = [];
  const tasks: (() => void)[] = [];
  const batch = new Batch(
    (bytes) => void sent.push(bytes),
    (task) => void tasks.push(task),
  );
  return {
    batch,
    sent,
    endTurn: () => {
      for (const task of tasks.splice(0)) task();
    },
  };
}

describe("a batch", () => {
  test("joins what is small, and lets go at the end of the turn", () => {
    const { batch, endTurn, sent } = collecting();
    expect(batch.take(Uint8Array.of(1, 2))).toBe(true);
    expect(batch.take(Uint8Array.of(3))).toBe(true);
    expect(batch.size).toBe(3);
    expect(sent).toEqual([]);
    endTurn();
    expect(sent).toEqual([Uint8Array.of(1, 2, 3)]);
    expect(batch.size).toBe(0);
  });

  test("keeps its own copy", () => {
    const { batch, endTurn, sent } = collecting();
    const bytes = Uint8Array.of(1, 2);
    batch.take(bytes);
    bytes.fill(9);
    endTurn();
    expect(sent).toEqual([Uint8Array.of(1, 2)]);
  });

  test("keeps the order of all bytes, whatever the sizes", () => {
    const random = new SeededRandom(7);
    const { batch, endTurn, sent } = collecting();
    const written: Uint8Array[] = [];
    for (let count = 0; count < 500; count++) {
      const bytes = random.bytes(random.below(random.next() < 0.2 ? 70_000 : 3_000));
      written.push(bytes);
      if (!batch.take(bytes)) sent.push(bytes);
      if (random.next() < 0.1) endTurn();
    }
    endTurn();
    expect(Buffer.concat(sent).equals(Buffer.concat(written))).toBe(true);
    expect(sent.length).toBeLessThan(written.length);
    for (const message of sent.filter(({ length }) => length <= 4_096 * 4))
      expect(message.length).toBeLessThanOrEqual(16_384);
  });

  test("what is large stays as it is", () => {
    const { batch, sent } = collecting();
    expect(batch.take(new Uint8Array(4_097))).toBe(false);
    expect(sent).toEqual([]);
  });
});

/** As a transferred channel: what the shim uses of it. */
class RealChannel extends EventTarget {
  readyState: RTCDataChannelState = "open";
  binaryType = "blob";
  bufferedAmountLowThreshold = 0;
  bufferedAmount = 0;
  id = 7;
  readonly sent: number[][] = [];
  send(data: Uint8Array): void {
    if (data[0] === 255) throw new DOMException("full", "OperationError");
    this.sent.push([...data]);
  }
  close(): void {
    this.readyState = "closed";
  }
}

function attached(): { channel: WorkerDataChannel; real: RealChannel; errors: string[] } {
  const port = { post: () => undefined, forget: () => undefined };
  const init = { label: "", protocol: "", ordered: true, negotiated: false, id: null };
  const channel = new WorkerDataChannel(1, init, "connecting", true, port);
  const real = new RealChannel();
  channel.attach(real as unknown as RTCDataChannel);
  const errors: string[] = [];
  channel.addEventListener("error", (event) => errors.push((event as RTCErrorEvent).error.message));
  return { channel, real, errors };
}

describe("a channel that is in the worker", () => {
  test("counts what it has not handed over yet as buffered", async () => {
    const { channel, real } = attached();
    channel.send(Uint8Array.of(1));
    channel.send(Uint8Array.of(2));
    expect([channel.bufferedAmount, real.sent]).toEqual([2, []]);
    await Promise.resolve();
    expect([channel.bufferedAmount, real.sent]).toEqual([0, [[1, 2]]]);
  });

  test("hands over what waits before it closes", () => {
    const { channel, real } = attached();
    channel.send(Uint8Array.of(1));
    channel.close();
    expect(real.sent).toEqual([[1]]);
    expect(real.readyState).toBe("closed");
  });

  test("a channel that has closed meanwhile takes nothing, and throws at nobody", async () => {
    const { channel, real, errors } = attached();
    channel.send(Uint8Array.of(1));
    real.readyState = "closed";
    await Promise.resolve();
    expect([real.sent, errors]).toEqual([[], []]);
  });

  test("a browser that takes no more says so by an error", async () => {
    const { channel, errors } = attached();
    channel.send(Uint8Array.of(255));
    await Promise.resolve();
    expect(errors).toEqual(["full"]);
  });
});
