/**
 * The worker's stand-in for an RTCDataChannel. Behind it is either the real channel, transferred from the window, or
 * the window's host, which passes bytes on. `bufferedAmount` counts what has not left the machine in both cases, so
 * that senders can hold back as they would with the real object.
 */
import { Batch } from "./batch.ts";
import { AttributeEventTarget, defineEventAttributes, eventWith } from "./event-target.ts";
import { payloadSize, type RtcChannelInit, type RtcPayload, type ToWindow } from "./messages.ts";

export interface ChannelPort {
  post(message: ToWindow, transfer?: Transferable[]): void;
  /** The channel is closed; nothing more will come for it. */
  forget(channel: number): void;
}

/** @libp2p/webrtc opens this one so that the connection has a component to gather candidates for. */
const INIT_LABEL = "init";

/**
 * `@libp2p/webrtc` 6.0.33 asks to be told when the buffer is empty, and only then writes on: the channel idles until that
 * word has come and gone. Told at half of its 2 MiB it keeps the channel busy.
 */
const LOW_WATER = 1_048_576;

export class WorkerDataChannel extends AttributeEventTarget {
  readonly label: string;
  readonly protocol: string;
  readonly ordered: boolean;
  readonly negotiated: boolean;
  readonly #channel: number;
  readonly #port: ChannelPort;
  /**
   * `@libp2p/webrtc` 6.0.33 waits for ever when the remote side closes its `init` channel before this side saw
   * `connected` (16 of 20 dials succeed without this): show `init` as open until libp2p itself closes it.
   */
  readonly #holdOpen: boolean;
  #id: number | null;
  #state: RTCDataChannelState;
  #real: RTCDataChannel | null = null;
  #closeRequested = false;
  #heldClose = false;
  #openSeen = false;
  #lowThreshold = 0;
  /** Bytes given to `send` so far, and what the host said about them. Only used without a real channel. */
  #sent = 0;
  #acknowledged = 0;
  #hostBuffered = 0;
  #queue: RtcPayload[] | null = null;
  /** Only used with a real channel. */
  readonly #batch = new Batch((bytes) => this.#sendNow(bytes));

  constructor(channel: number, init: RtcChannelInit, state: RTCDataChannelState, outbound: boolean, port: ChannelPort) {
    super();
    this.#channel = channel;
    this.#port = port;
    this.label = init.label;
    this.protocol = init.protocol;
    this.ordered = init.ordered;
    this.negotiated = init.negotiated;
    this.#id = init.id;
    this.#state = state;
    this.#holdOpen = outbound && init.label === INIT_LABEL;
  }

  get id(): number | null {
    return this.#real?.id ?? this.#id;
  }

  get readyState(): RTCDataChannelState {
    const state = this.#real?.readyState ?? this.#state;
    if (this.#holdOpen && !this.#closeRequested && (state === "closing" || state === "closed")) {
      return "open";
    }
    return state;
  }

  /** Always `arraybuffer`: a Blob could not be read synchronously in the worker. */
  get binaryType(): BinaryType {
    return "arraybuffer";
  }
  set binaryType(_type: BinaryType) {}

  get bufferedAmountLowThreshold(): number {
    return this.#lowThreshold;
  }
  set bufferedAmountLowThreshold(bytes: number) {
    this.#lowThreshold = bytes === 0 ? LOW_WATER : bytes;
    if (this.#real !== null) {
      this.#real.bufferedAmountLowThreshold = this.#lowThreshold;
    } else {
      this.#port.post({ type: "lowThreshold", channel: this.#channel, bytes: this.#lowThreshold });
    }
  }

  get bufferedAmount(): number {
    if (this.#real !== null) return this.#real.bufferedAmount + this.#batch.size;
    return this.#sent - this.#acknowledged + this.#hostBuffered;
  }

  send(data: string | ArrayBuffer | ArrayBufferView<ArrayBuffer>): void {
    if (this.readyState !== "open") {
      throw new DOMException("RTCDataChannel.readyState is not 'open'", "InvalidStateError");
    }
    if (this.#real !== null) {
      const bytes = typeof data === "string" ? null : bytesOf(data);
      // A text goes out by itself, behind what was written before it.
      if (bytes === null) this.#batch.flush();
      // TypeScript's overloads of `send` do not take the union.
      if (bytes === null || !this.#batch.take(bytes)) this.#real.send(data as ArrayBuffer);
      return;
    }
    const payload = copyPayload(data);
    this.#sent += payloadSize(payload);
    if (this.#queue === null) {
      // Everything written in this turn goes over in one message: a message a packet halves the throughput.
      this.#queue = [];
      queueMicrotask(() => this.#flush());
    }
    this.#queue.push(payload);
  }

  close(): void {
    if (this.#closeRequested) {
      return;
    }
    this.#closeRequested = true;
    if (this.#heldClose) {
      this.#state = "closed";
      this.#port.forget(this.#channel);
      // A task of its own: libp2p starts to listen for `close` after this call returns.
      setTimeout(() => this.dispatchEvent(new Event("close")));
      return;
    }
    if (this.#real !== null) {
      this.#batch.flush();
      this.#real.close();
      return;
    }
    if (this.#state === "closed" || this.#state === "closing") {
      return;
    }
    this.#flush();
    this.#state = "closing";
    this.#port.post({ type: "closeChannel", channel: this.#channel });
  }

  /** The real channel has arrived in this worker. */
  attach(real: RTCDataChannel): void {
    this.#real = real;
    real.binaryType = "arraybuffer";
    real.bufferedAmountLowThreshold = this.#lowThreshold;
    real.addEventListener("message", (event) => this.#message(event.data));
    real.addEventListener("open", () => this.#opened());
    real.addEventListener("bufferedamountlow", () => this.dispatchEvent(new Event("bufferedamountlow")));
    real.addEventListener("closing", () => this.#closing("closing"));
    real.addEventListener("close", () => this.#closing("close"));
    real.addEventListener("error", (event) => this.failed(event.error?.message ?? "data channel error"));
    if (this.#closeRequested) {
      real.close();
    } else if (real.readyState === "open") {
      this.#opened();
    }
  }

  /** @internal Messages of the host. */
  opened(id: number | null): void {
    this.#id = id;
    this.#state = "open";
    this.#opened();
  }

  received(payloads: readonly RtcPayload[]): void {
    for (const payload of payloads) {
      this.#message(payload);
    }
  }

  drained(sent: number, buffered: number): void {
    const before = this.bufferedAmount;
    this.#acknowledged = sent;
    this.#hostBuffered = buffered;
    if (before > this.#lowThreshold && this.bufferedAmount <= this.#lowThreshold) {
      this.dispatchEvent(new Event("bufferedamountlow"));
    }
  }

  closed(): void {
    if (this.#state === "closed") {
      return;
    }
    this.#state = "closed";
    this.#closing("close");
  }

  failed(message: string): void {
    this.dispatchEvent(eventWith("error", { error: new DOMException(message, "OperationError") }));
  }

  #sendNow(bytes: Uint8Array<ArrayBuffer>): void {
    const real = this.#real;
    // Whoever wrote it hears of the end by `close`.
    if (real === null || real.readyState !== "open") return;
    try {
      real.send(bytes);
    } catch (error) {
      this.failed(error instanceof Error ? error.message : String(error));
    }
  }

  #flush(): void {
    const payloads = this.#queue;
    this.#queue = null;
    if (payloads !== null && payloads.length > 0) {
      const buffers = payloads.filter((payload) => typeof payload !== "string");
      this.#port.post({ type: "send", channel: this.#channel, payloads }, buffers);
    }
  }

  #message(data: unknown): void {
    this.dispatchEvent(eventWith("message", { data }));
  }

  #opened(): void {
    if (!this.#openSeen) {
      this.#openSeen = true;
      this.dispatchEvent(new Event("open"));
    }
  }

  #closing(type: "closing" | "close"): void {
    if (this.#holdOpen && !this.#closeRequested) {
      this.#heldClose = true;
      this.#opened();
      return;
    }
    if (type === "close") {
      this.#port.forget(this.#channel);
    }
    this.dispatchEvent(new Event(type));
  }
}

defineEventAttributes(WorkerDataChannel.prototype, [
  "open",
  "message",
  "closing",
  "close",
  "error",
  "bufferedamountlow",
]);

function bytesOf(data: ArrayBuffer | ArrayBufferView<ArrayBuffer>): Uint8Array {
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** An exactly sized copy, because the buffer is transferred and the caller may go on using its own. */
function copyPayload(data: string | ArrayBuffer | ArrayBufferView<ArrayBuffer>): RtcPayload {
  if (typeof data === "string") {
    return data;
  }
  if (data instanceof ArrayBuffer) {
    return data.slice(0);
  }
  return data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
}
