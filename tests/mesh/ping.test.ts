import type { Connection } from "@libp2p/interface";
import { expect, it } from "vitest";
import { measureRoundTrip } from "../../src/mesh/ping.ts";
import { VirtualClock } from "../sim/clock.ts";

/** A stream that does with what is sent as the test says. */
class PingStream extends EventTarget {
  readonly #send: (stream: PingStream, bytes: Uint8Array) => void;

  constructor(send: (stream: PingStream, bytes: Uint8Array) => void) {
    super();
    this.#send = send;
  }

  send(bytes: Uint8Array): boolean {
    this.#send(this, bytes);
    return true;
  }

  abort(): void {
    this.dispatchEvent(new Event("close"));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

const over = (stream: PingStream): Connection => ({ newStream: async () => stream }) as unknown as Connection;

it("is as long as the echo takes", async () => {
  const clock = new VirtualClock();
  const stream = new PingStream((own, bytes) => {
    clock.after(40, () => own.dispatchEvent(Object.assign(new Event("message"), { data: bytes })));
  });
  const measured = measureRoundTrip(over(stream), clock, 1_000);
  await clock.advance(100);
  expect(await measured).toBe(40);
});

it("fails once, and nobody else hears of it, where the stream takes nothing any more", async () => {
  const stream = new PingStream(() => {
    throw new Error("The stream is closed.");
  });
  // A second rejection that nobody waits for would fail this run.
  await expect(measureRoundTrip(over(stream), new VirtualClock(), 1_000)).rejects.toThrow("The stream is closed.");
});

it("fails where the stream is cut off, and after its time", async () => {
  const cut = new PingStream((own) => own.abort());
  await expect(measureRoundTrip(over(cut), new VirtualClock(), 1_000)).rejects.toMatchObject({ code: "STREAM_RESET" });
  const clock = new VirtualClock();
  const silent = measureRoundTrip(over(new PingStream(() => undefined)), clock, 1_000);
  const refused = expect(silent).rejects.toMatchObject({ code: "TIMEOUT" });
  await clock.advance(2_000);
  await refused;
});
