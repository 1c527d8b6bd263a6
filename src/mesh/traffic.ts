/** Bytes by link and protocol, counted where a stream is written and where it is read. */
import type { Stream } from "@libp2p/interface";

export type ProtocolTraffic = Record<string, { in: number; out: number }>;

export class LinkTraffic {
  readonly #protocols = new Map<string, { in: number; out: number }>();
  #in = 0;
  #out = 0;

  get bytesIn(): number {
    return this.#in;
  }

  get bytesOut(): number {
    return this.#out;
  }

  received(protocol: string, bytes: number): void {
    this.#in += bytes;
    this.#of(protocol).in += bytes;
  }

  sent(protocol: string, bytes: number): void {
    this.#out += bytes;
    this.#of(protocol).out += bytes;
  }

  protocols(): ProtocolTraffic {
    return Object.fromEntries([...this.#protocols].map(([protocol, bytes]) => [protocol, { ...bytes }]));
  }

  #of(protocol: string): { in: number; out: number } {
    let entry = this.#protocols.get(protocol);
    if (entry === undefined) {
      entry = { in: 0, out: 0 };
      this.#protocols.set(protocol, entry);
    }
    return entry;
  }
}

/**
 * Counts every byte that the stream is given to send and every byte that it delivers. The delivery is seen in
 * `dispatchEvent`: a listener of our own for `message` would make the stream hand out its buffer before the protocol
 * listens, and the bytes would be lost.
 */
export function meter(stream: Stream, traffic: LinkTraffic, protocol: string): void {
  const send = stream.send.bind(stream);
  stream.send = (data) => {
    traffic.sent(protocol, data.byteLength);
    return send(data);
  };
  const dispatch = stream.dispatchEvent.bind(stream);
  stream.dispatchEvent = (event: Event) => {
    if (event.type === "message" && "data" in event) {
      const { data } = event;
      if (typeof data === "object" && data !== null && "byteLength" in data && typeof data.byteLength === "number") {
        traffic.received(protocol, data.byteLength);
      }
    }
    return dispatch(event);
  };
}
