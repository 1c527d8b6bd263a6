/** The stand-in for a data channel in the worker, against a window that is played by the test. */
import { beforeEach, describe, expect, test } from "vitest";
import { WorkerDataChannel } from "../../src/mesh/rtc/channel.ts";
import type { RtcChannelInit, ToWindow } from "../../src/mesh/rtc/messages.ts";

const INIT: RtcChannelInit = { label: "", protocol: "", ordered: true, negotiated: false, id: null };

let posted: ToWindow[];
let forgotten: number[];
const port = {
  post: (message: ToWindow) => void posted.push(message),
  forget: (channel: number) => void forgotten.push(channel),
};

beforeEach(() => {
  posted = [];
  forgotten = [];
});

const outbound = (label = ""): WorkerDataChannel =>
  new WorkerDataChannel(1, { ...INIT, label }, "connecting", true, port);
const microtasks = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function heard(channel: WorkerDataChannel): string[] {
  const events: string[] = [];
  for (const type of ["open", "closing", "close", "error", "bufferedamountlow"]) {
    channel.addEventListener(type, () => events.push(type));
  }
  return events;
}

/** As a transferred channel: what the shim uses of it. */
class RealChannel extends EventTarget {
  readyState: RTCDataChannelState = "connecting";
  binaryType = "blob";
  bufferedAmountLowThreshold = 0;
  bufferedAmount = 0;
  id = 7;
  readonly sent: unknown[] = [];
  send(data: unknown): void {
    this.sent.push(data);
  }
  close(): void {
    this.readyState = "closed";
  }
  become(state: RTCDataChannelState, event: string): void {
    this.readyState = state;
    this.dispatchEvent(new Event(event));
  }
}

function attached(label = ""): { channel: WorkerDataChannel; real: RealChannel } {
  const channel = outbound(label);
  const real = new RealChannel();
  channel.attach(real as unknown as RTCDataChannel);
  return { channel, real };
}

describe("by messages", () => {
  test("what is sent in one turn goes over together, each message by itself", async () => {
    const channel = outbound();
    channel.opened(3);
    expect(channel.id).toBe(3);
    const buffer = new Uint8Array([1, 2, 3, 4]);
    channel.send(buffer.subarray(1, 3));
    channel.send("text");
    buffer.fill(9);
    expect(posted).toEqual([]);
    await microtasks();
    expect(posted).toEqual([{ type: "send", channel: 1, payloads: [new Uint8Array([2, 3]).buffer, "text"] }]);
  });

  test("bytes count as buffered until the window says that they have left", async () => {
    const channel = outbound();
    const events = heard(channel);
    channel.opened(1);
    channel.send(new ArrayBuffer(1_000));
    expect(channel.bufferedAmount).toBe(1_000);
    await microtasks();
    channel.drained(1_000, 1_000);
    expect(channel.bufferedAmount).toBe(1_000);
    channel.send(new ArrayBuffer(500));
    channel.drained(1_000, 0);
    expect(channel.bufferedAmount).toBe(500);
    expect(events).toEqual(["open"]);
    channel.drained(1_500, 0);
    expect(channel.bufferedAmount).toBe(0);
    expect(events).toEqual(["open", "bufferedamountlow"]);
  });

  test("the low mark is honoured here and told to the window", () => {
    const channel = outbound();
    channel.opened(1);
    const events = heard(channel);
    channel.bufferedAmountLowThreshold = 400;
    expect(posted).toContainEqual({ type: "lowThreshold", channel: 1, bytes: 400 });
    channel.send(new ArrayBuffer(1_000));
    channel.drained(1_000, 400);
    expect(events).toEqual(["bufferedamountlow"]);
  });

  test("an empty buffer as the low mark would let the channel idle, so it is told of half a buffer", () => {
    const channel = outbound();
    channel.opened(1);
    channel.bufferedAmountLowThreshold = 0;
    expect(posted).toContainEqual({ type: "lowThreshold", channel: 1, bytes: 1_048_576 });
  });

  test("messages arrive in order at listener and attribute alike", () => {
    const channel = outbound();
    const got: unknown[] = [];
    Object.assign(channel, { onmessage: (event: MessageEvent) => got.push(event.data) });
    channel.addEventListener("message", (event) => got.push((event as MessageEvent).data));
    channel.received(["a", "b"]);
    expect(got).toEqual(["a", "a", "b", "b"]);
    Object.assign(channel, { onmessage: null });
    channel.received(["c"]);
    expect(got.at(-1)).toBe("c");
    expect(got).toHaveLength(5);
  });

  test("sending needs an open channel; closing sends what is left first", () => {
    const channel = outbound();
    expect(() => channel.send("x")).toThrow(expect.objectContaining({ name: "InvalidStateError" }));
    channel.opened(1);
    channel.send("last");
    channel.close();
    expect(posted.map((message) => message.type)).toEqual(["send", "closeChannel"]);
    expect(() => channel.send("x")).toThrow();
    const events = heard(channel);
    channel.closed();
    channel.closed();
    expect(channel.readyState).toBe("closed");
    expect(events).toEqual(["close"]);
    expect(forgotten).toEqual([1]);
  });
});

describe("with the real channel", () => {
  test("everything is passed on, and opening is told once", () => {
    const { channel, real } = attached();
    const events = heard(channel);
    real.become("open", "open");
    real.become("open", "open");
    channel.send("x");
    real.bufferedAmount = 17;
    expect(real.sent).toEqual(["x"]);
    expect(channel.bufferedAmount).toBe(17);
    expect(real.binaryType).toBe("arraybuffer");
    real.become("closed", "close");
    expect(events).toEqual(["open", "close"]);
    expect(posted).toEqual([]);
  });

  test("one that was closed before it came is closed when it comes", () => {
    const channel = outbound();
    channel.close();
    const real = new RealChannel();
    channel.attach(real as unknown as RTCDataChannel);
    expect(real.readyState).toBe("closed");
  });
});

describe("the channel that libp2p opens first", () => {
  test.each(["messages", "transfer"])(
    "looks open until libp2p closes it, although the other side did (%s)",
    async (mode) => {
      const { channel, real } = mode === "transfer" ? attached("init") : { channel: outbound("init"), real: null };
      const events = heard(channel);
      if (real === null) {
        channel.opened(1);
        channel.closed();
      } else {
        real.become("open", "open");
        real.become("closing", "closing");
        real.become("closed", "close");
      }
      expect(channel.readyState).toBe("open");
      expect(events).toEqual(["open"]);
      channel.close();
      expect(events).toEqual(["open"]);
      await new Promise((resolve) => setTimeout(resolve));
      expect(events).toEqual(["open", "close"]);
      expect(channel.readyState).toBe("closed");
    },
  );

  test("counts as open even when it closed before that was told", () => {
    const { channel, real } = attached("init");
    const events = heard(channel);
    real.become("closed", "close");
    expect(channel.readyState).toBe("open");
    expect(events).toEqual(["open"]);
  });

  test("closes as any other when libp2p is first", () => {
    const { channel, real } = attached("init");
    const events = heard(channel);
    real.become("open", "open");
    channel.close();
    real.become("closed", "close");
    expect(events).toEqual(["open", "close"]);
  });
});
