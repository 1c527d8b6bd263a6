/**
 * Window side of the WebRTC bridge: owns the real RTCPeerConnections on behalf of a worker. Small on purpose, it is
 * part of the page's first script; it must never import libp2p.
 */
import { ConnectionMaker } from "./make.ts";
import { payloadSize, type RtcMode, type RtcPayload, type RtcState, type ToWindow, type ToWorker } from "./messages.ts";
import { reduceStats } from "./stats.ts";

export interface RtcHost {
  /** Closes every connection and lets go of the port. For when the worker has died or is given up. */
  close(): void;
  /** Connections that are open now. */
  connections(): number;
}

export interface RtcHostOptions {
  /** Told of faults that nobody else hears of. */
  readonly onError?: (error: unknown) => void;
}

/** Bytes of a channel that stays in the window and is read and written through messages. */
interface PumpedChannel {
  readonly id: number;
  readonly connection: number;
  readonly channel: RTCDataChannel;
  sent: number;
  incoming: RtcPayload[];
  reportDue: boolean;
}

/** Of the whole page, since what one worker has left behind counts for the next. */
const maker = new ConnectionMaker();

const STATE_EVENTS = [
  "connectionstatechange",
  "iceconnectionstatechange",
  "icegatheringstatechange",
  "signalingstatechange",
  "negotiationneeded",
] as const;

export function attachRtcHost(port: MessagePort, options: RtcHostOptions = {}): RtcHost {
  const host = new WindowEnd(port, options);
  return { close: () => host.close(), connections: () => host.connections.size };
}

class WindowEnd {
  readonly connections = new Map<number, RTCPeerConnection>();
  readonly #port: MessagePort;
  readonly #options: RtcHostOptions;
  readonly #pumped = new Map<number, PumpedChannel>();
  readonly #abort = new AbortController();
  /** Runs the due flushes once per task, after all packets that arrived together. */
  readonly #ticker = new MessageChannel();
  readonly #due = new Set<PumpedChannel>();
  #mode: RtcMode = "messages";
  #channelIds = 0;

  constructor(port: MessagePort, options: RtcHostOptions) {
    this.#port = port;
    this.#options = options;
    const { signal } = this.#abort;
    port.addEventListener("message", (event: MessageEvent<ToWindow>) => this.#receive(event.data), { signal });
    port.start();
    // A page that goes without a word leaves its neighbours with dead links for the 16 s until ICE gives up (measured).
    window.addEventListener("pagehide", ({ persisted }) => persisted || this.#hangUp(), { signal });
    this.#ticker.port1.addEventListener("message", () => this.#flush(), { signal });
    this.#ticker.port1.start();
  }

  close(): void {
    this.#abort.abort();
    this.#hangUp();
    this.connections.clear();
    this.#pumped.clear();
    this.#due.clear();
    this.#ticker.port1.close();
    this.#port.close();
  }

  #hangUp(): void {
    for (const connection of this.connections.values()) {
      connection.close();
    }
  }

  #post(message: ToWorker, transfer: Transferable[] = []): void {
    this.#port.postMessage(message, transfer);
  }

  #receive(message: ToWindow): void {
    switch (message.type) {
      case "hello":
        this.#mode = message.mode;
        return;
      case "alive":
        void this.#outlive(message.lock);
        return;
      case "create":
        this.#create(message.connection, message.configuration);
        return;
      case "call":
        void this.#call(message);
        return;
      case "stats":
        void this.#stats(message.call);
        return;
      case "openChannel":
        this.#openChannel(message);
        return;
      case "send": {
        const pumped = this.#pumped.get(message.channel);
        if (pumped !== undefined) {
          this.#send(pumped, message.payloads);
        }
        return;
      }
      case "lowThreshold": {
        const pumped = this.#pumped.get(message.channel);
        if (pumped !== undefined) {
          pumped.channel.bufferedAmountLowThreshold = message.bytes;
        }
        return;
      }
      case "closeChannel":
        this.#pumped.get(message.channel)?.channel.close();
        return;
      case "close":
        this.connections.get(message.connection)?.close();
        this.connections.delete(message.connection);
        // Channels of a connection that is closed on this side say nothing of it (Chromium 156), and keep it in memory.
        for (const pumped of this.#pumped.values()) if (pumped.connection === message.connection) this.#drop(pumped);
        return;
    }
  }

  /**
   * Closes everything when the worker has ended: its lock is free then, however it ended. (Chromium 156 tells nobody
   * that the other end of a MessagePort is gone.)
   */
  async #outlive(lock: string): Promise<void> {
    const { signal } = this.#abort;
    try {
      await navigator.locks.request(lock, { signal }, () => this.close());
    } catch (error) {
      if (!signal.aborted) {
        this.#options.onError?.(error);
      }
    }
  }

  /**
   * A peer that hangs up ends the SCTP association within milliseconds, but `connectionState` follows only when ICE has
   * missed its answers for 15 to 30 s (Chromium 156). Take the former for the end.
   */
  #watchEnd(id: number, connection: RTCPeerConnection): void {
    const { sctp } = connection;
    sctp?.addEventListener("statechange", () => {
      if (sctp.state === "closed" && this.connections.get(id) === connection) {
        connection.close();
        this.connections.delete(id);
        this.#post({ type: "state", connection: id, event: "connectionstatechange", state: stateOf(connection) });
      }
    });
  }

  #create(id: number, configuration: RTCConfiguration): void {
    let connection: RTCPeerConnection;
    try {
      connection = maker.make(configuration);
    } catch (error) {
      // More are open than the browser allows, or a bad ICE server setting. Calls on this id are answered with an error below.
      this.#options.onError?.(error);
      this.#post({ type: "state", connection: id, event: "connectionstatechange", state: FAILED });
      return;
    }
    this.connections.set(id, connection);
    for (const event of STATE_EVENTS) {
      connection.addEventListener(event, () => {
        this.#post({ type: "state", connection: id, event, state: stateOf(connection) });
      });
    }
    let watched = false;
    connection.addEventListener("connectionstatechange", () => {
      if (connection.connectionState === "connected" && !watched) {
        watched = true;
        this.#watchEnd(id, connection);
      }
    });
    connection.addEventListener("icecandidate", (event) => {
      this.#post({ type: "candidate", connection: id, candidate: event.candidate?.toJSON() ?? null });
    });
    connection.addEventListener("datachannel", (event) => this.#incoming(id, event.channel));
  }

  async #call(message: Extract<ToWindow, { type: "call" }>): Promise<void> {
    const { connection: id, call } = message;
    const connection = this.connections.get(id);
    try {
      if (connection === undefined) {
        throw new DOMException("The RTCPeerConnection is closed", "InvalidStateError");
      }
      const value = await invoke(connection, message);
      this.#post({ type: "result", connection: id, call, value, state: stateOf(connection) });
    } catch (error) {
      const { name, message: text } = error instanceof Error ? error : new Error(String(error));
      this.#post({ type: "error", connection: id, call, name, message: text });
    }
  }

  async #stats(call: number): Promise<void> {
    const value = await Promise.all([...this.connections].map(([id, connection]) => reduceStats(id, connection)));
    this.#post({ type: "result", connection: 0, call, value, state: null });
  }

  /** A channel may be transferred only in the task that made it, so nothing here may wait. */
  #openChannel(message: Extract<ToWindow, { type: "openChannel" }>): void {
    const connection = this.connections.get(message.connection);
    if (connection === undefined) {
      this.#post({ type: "closed", channel: message.channel });
      return;
    }
    let channel: RTCDataChannel;
    try {
      channel = connection.createDataChannel(message.label, message.init);
    } catch (error) {
      this.#options.onError?.(error);
      this.#post({ type: "closed", channel: message.channel });
      return;
    }
    const transferred = this.#transfer(channel, (object) => ({
      type: "outgoing",
      channel: message.channel,
      transferred: object,
    }));
    if (!transferred) {
      this.#pump(message.channel, message.connection, channel);
    }
  }

  #incoming(connection: number, channel: RTCDataChannel): void {
    this.#channelIds -= 1;
    const id = this.#channelIds;
    const { label, protocol, ordered, negotiated, readyState } = channel;
    const init = { label, protocol, ordered, negotiated, id: channel.id };
    const incoming = (object: RTCDataChannel | null): ToWorker => ({
      type: "incoming",
      connection,
      channel: id,
      init,
      readyState,
      transferred: object,
    });
    if (!this.#transfer(channel, incoming)) {
      this.#post(incoming(null));
      this.#pump(id, connection, channel);
    }
  }

  /** Returns whether the channel now belongs to the worker. */
  #transfer(channel: RTCDataChannel, message: (object: RTCDataChannel) => ToWorker): boolean {
    if (this.#mode !== "transfer") {
      return false;
    }
    try {
      this.#post(message(channel), [channel]);
      return true;
    } catch (error) {
      // A browser that knows the class in workers but cannot transfer it; its bytes go as messages.
      this.#options.onError?.(error);
      return false;
    }
  }

  #pump(id: number, connection: number, channel: RTCDataChannel): void {
    const pumped: PumpedChannel = { id, connection, channel, sent: 0, incoming: [], reportDue: false };
    this.#pumped.set(id, pumped);
    channel.binaryType = "arraybuffer";
    const opened = (): void => this.#post({ type: "open", channel: id, id: channel.id });
    channel.addEventListener("open", opened);
    channel.addEventListener("bufferedamountlow", () => this.#report(pumped));
    channel.addEventListener("message", (event: MessageEvent<RtcPayload>) => {
      pumped.incoming.push(event.data);
      this.#schedule(pumped);
    });
    channel.addEventListener("error", (event) => {
      this.#post({ type: "channelError", channel: id, message: event.error?.message ?? "data channel error" });
    });
    channel.addEventListener("close", () => {
      if (this.#pumped.get(id) === pumped) this.#drop(pumped);
    });
    if (channel.readyState === "open") {
      opened();
    }
  }

  #drop(pumped: PumpedChannel): void {
    this.#deliver(pumped);
    this.#post({ type: "closed", channel: pumped.id });
    this.#pumped.delete(pumped.id);
    this.#due.delete(pumped);
  }

  #send(pumped: PumpedChannel, payloads: readonly RtcPayload[]): void {
    for (const payload of payloads) {
      try {
        // TypeScript's overloads of `send` do not take the union.
        pumped.channel.send(payload as ArrayBuffer);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        this.#post({ type: "channelError", channel: pumped.id, message });
      }
      pumped.sent += payloadSize(payload);
    }
    pumped.reportDue = true;
    this.#schedule(pumped);
  }

  #schedule(pumped: PumpedChannel): void {
    if (this.#due.size === 0) {
      this.#ticker.port2.postMessage(null);
    }
    this.#due.add(pumped);
  }

  #flush(): void {
    const due = [...this.#due];
    this.#due.clear();
    for (const pumped of due) {
      this.#deliver(pumped);
      if (pumped.reportDue) {
        this.#report(pumped);
      }
    }
  }

  #deliver(pumped: PumpedChannel): void {
    const payloads = pumped.incoming;
    if (payloads.length > 0) {
      pumped.incoming = [];
      const buffers = payloads.filter((payload) => typeof payload !== "string");
      this.#post({ type: "data", channel: pumped.id, payloads }, buffers);
    }
  }

  #report(pumped: PumpedChannel): void {
    pumped.reportDue = false;
    this.#post({ type: "buffered", channel: pumped.id, sent: pumped.sent, buffered: pumped.channel.bufferedAmount });
  }
}

const FAILED: RtcState = {
  connectionState: "failed",
  iceConnectionState: "failed",
  iceGatheringState: "complete",
  signalingState: "closed",
};

function stateOf(connection: RTCPeerConnection): RtcState {
  const { connectionState, iceConnectionState, iceGatheringState, signalingState } = connection;
  return { connectionState, iceConnectionState, iceGatheringState, signalingState };
}

async function invoke(
  connection: RTCPeerConnection,
  message: Extract<ToWindow, { type: "call" }>,
): Promise<RTCSessionDescriptionInit | null> {
  const [argument] = message.args;
  switch (message.method) {
    case "createOffer":
      return describe(await connection.createOffer());
    case "createAnswer":
      return describe(await connection.createAnswer());
    case "setLocalDescription":
      await connection.setLocalDescription(argument as RTCSessionDescriptionInit | undefined);
      return connection.localDescription === null ? null : describe(connection.localDescription);
    case "setRemoteDescription":
      await connection.setRemoteDescription(argument as RTCSessionDescriptionInit);
      return null;
    case "addIceCandidate":
      await connection.addIceCandidate(argument as RTCIceCandidateInit | undefined);
      return null;
  }
}

function describe(description: RTCSessionDescriptionInit): RTCSessionDescriptionInit {
  return { type: description.type, sdp: description.sdp ?? "" };
}
