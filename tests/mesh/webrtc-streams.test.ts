/** Streams of @libp2p/webrtc with and without their copies: each understands the other. */
import type { Logger } from "@libp2p/interface";
import { Uint8ArrayList } from "uint8arraylist";
import { describe, expect, it } from "vitest";
import { WebRTCStream } from "../../src/mesh/webrtc-parts.ts";
import { contentOf, headOf, spareCopies } from "../../src/mesh/webrtc-streams.ts";
import { SeededRandom } from "../sim/random.ts";

const random = new SeededRandom(5);
const LARGE = 65_536;

const silent = (): undefined => undefined;
const log = Object.assign(silent, { error: silent, trace: silent, enabled: false, newScope: () => log }) as Logger;

/** An end of a channel that notes what it is given; what reaches the other end is a copy, as in a browser. */
class End extends EventTarget {
  binaryType = "arraybuffer";
  bufferedAmountLowThreshold = 0;
  bufferedAmount = 0;
  readyState = "open";
  onmessage: ((event: { data: ArrayBuffer }) => void) | null = null;
  readonly sent: Uint8Array[] = [];
  other: End | null = null;

  send(bytes: Uint8Array): void {
    this.sent.push(bytes);
    this.other?.onmessage?.({ data: bytes.slice().buffer });
  }

  close(): void {
    this.readyState = "closed";
  }
}

function streamOver(channel: End, spared: boolean): { stream: WebRTCStream; messages: Uint8ArrayList[] } {
  const init = { channel: channel as unknown as RTCDataChannel, log, id: "1", protocol: "", direction: "outbound" };
  const stream = new WebRTCStream({ ...init, direction: "outbound", maxMessageSize: 66_560 });
  if (spared) spareCopies(stream);
  const messages: Uint8ArrayList[] = [];
  stream.addEventListener("message", ({ data }) => {
    messages.push(data instanceof Uint8ArrayList ? data : new Uint8ArrayList(data));
  });
  return { stream, messages };
}

function pair(sender: boolean, receiver: boolean) {
  const [near, far] = [new End(), new End()];
  [near.other, far.other] = [far, near];
  return { near, ...streamOver(near, sender), received: streamOver(far, receiver).messages };
}

/** Comparing a hundred thousand numbers one by one takes the test runner a second. */
const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.from(a).equals(b);

const turn = () => new Promise<void>((resolve) => void setImmediate(resolve));

async function arrived(received: readonly Uint8ArrayList[]): Promise<Uint8Array> {
  await turn();
  return new Uint8ArrayList(...received).slice();
}

describe("streams over data channels", () => {
  it.each([
    [true, true],
    [true, false],
    [false, true],
  ])("carry the same bytes whichever side spares copies (sender %s, receiver %s)", async (sender, receiver) => {
    const { received, stream } = pair(sender, receiver);
    const frames = [3, LARGE, 16_383, 16_384, 200, LARGE, LARGE].map((size) => random.bytes(size));
    for (const frame of frames) stream.send(frame);
    expect(same(await arrived(received), new Uint8ArrayList(...frames).slice())).toBe(true);
  });

  it("say the same on the wire as the library", async () => {
    const frame = random.bytes(LARGE);
    const wires = [true, false].map((spared) => {
      const { near, stream } = pair(spared, false);
      stream.send(frame);
      return new Uint8ArrayList(...near.sent).slice();
    });
    expect(same(wires[0]!, wires[1]!)).toBe(true);
  });

  it("give a large frame to the channel, and to whoever reads it, as it lies in memory", async () => {
    const { near, received, stream } = pair(true, true);
    const frame = random.bytes(LARGE);
    stream.send(frame);
    await turn();
    expect(near.sent.some(({ buffer }) => buffer === frame.buffer)).toBe(true);
    expect(received).toHaveLength(1);
    expect([...received[0]!].map(({ byteLength }) => byteLength)).toEqual([LARGE]);
  });

  it("hold back where the channel is full", () => {
    const { near, stream } = pair(true, true);
    near.bufferedAmount = 2 * 1_048_576;
    expect(stream.send(random.bytes(LARGE))).toBe(false);
  });

  it("drop what comes when nobody reads any more", async () => {
    const channel = new End();
    const { messages, stream } = streamOver(channel, true);
    const message = (): ArrayBuffer => new Uint8ArrayList(headOf(LARGE), random.bytes(LARGE)).slice().buffer;
    channel.onmessage?.({ data: message() });
    await turn();
    stream.abort(new Error("done"));
    channel.onmessage?.({ data: message() });
    await turn();
    expect(messages).toHaveLength(1);
  });
});

describe("a large message", () => {
  const bytes = random.bytes(LARGE);
  const message = new Uint8ArrayList(headOf(LARGE).subarray(3), bytes);

  it("is told by its field", () => {
    expect(contentOf(message)?.subarray()).toBe(bytes);
  });

  it.each<[string, Uint8ArrayList]>([
    ["is small", new Uint8ArrayList(Uint8Array.of(0x12, 3, 1, 2, 3))],
    ["has a flag beside it", new Uint8ArrayList(message, Uint8Array.of(8, 0))],
    ["begins with a flag", new Uint8ArrayList(Uint8Array.of(8, 0), message)],
    ["says that it is longer", new Uint8ArrayList(headOf(LARGE + 1).subarray(3), bytes)],
    ["has a length without an end", new Uint8ArrayList(Uint8Array.of(0x12, 0xff, 0xff, 0xff, 0xff, 0xff), bytes)],
  ])("is left to the library where it %s", (_what, other) => {
    expect(contentOf(other)).toBeNull();
  });
});
