/**
 * Worker side of the WebRTC bridge. Browsers give RTCPeerConnection to windows only; the classes here carry its name
 * in the worker and drive the real ones in the window (`host.ts`).
 *
 * `@libp2p/webrtc` reads the global when its module is evaluated, so `installRtc` has to run before that module is
 * imported.
 */
import { WorkerDataChannel, type ChannelPort } from "./channel.ts";
import { WorkerIceCandidate, WorkerSessionDescription } from "./descriptions.ts";
import { AttributeEventTarget, defineEventAttributes, eventWith } from "./event-target.ts";
import type { RtcCallName, RtcCalls, RtcMode, RtcState, RtcStats, ToWindow, ToWorker } from "./messages.ts";

/** The worker's view of the bridge. */
export interface RtcBridge {
  readonly mode: RtcMode;
  /** RTCPeerConnections made since the start. A Chromium tab refuses to hold more than 500. */
  created(): number;
  /** Those that are not closed. */
  open(): number;
  stats(): Promise<readonly RtcStats[]>;
}

type Value = RTCSessionDescriptionInit | readonly RtcStats[] | null;

interface PendingCall {
  resolve(value: Value): void;
  reject(error: DOMException): void;
}

const NEW: RtcState = {
  connectionState: "new",
  iceConnectionState: "new",
  iceGatheringState: "new",
  signalingState: "stable",
};

class WorkerEnd implements ChannelPort {
  readonly #port: MessagePort;
  readonly connections = new Map<number, WorkerPeerConnection>();
  readonly channels = new Map<number, WorkerDataChannel>();
  readonly #calls = new Map<number, PendingCall>();
  #ids = 0;
  created = 0;

  constructor(port: MessagePort, mode: RtcMode) {
    this.#port = port;
    port.addEventListener("message", (event: MessageEvent<ToWorker>) => this.#receive(event.data));
    port.start();
    this.post({ type: "hello", mode });
    void this.#showAlive();
  }

  /** Holds a lock for as long as this worker lives. Pages without a secure context have no locks; they are told by hand. */
  async #showAlive(): Promise<void> {
    if (!("locks" in navigator)) {
      return;
    }
    const lock = `mehr-rtc-${crypto.getRandomValues(new Uint32Array(4)).join("-")}`;
    await navigator.locks.request(lock, async () => {
      this.post({ type: "alive", lock });
      await new Promise<never>(() => undefined);
    });
  }

  nextId(): number {
    this.#ids += 1;
    return this.#ids;
  }

  post(message: ToWindow, transfer: Transferable[] = []): void {
    this.#port.postMessage(message, transfer);
  }

  forget(channel: number): void {
    this.channels.delete(channel);
  }

  call(message: (call: number) => ToWindow): Promise<Value> {
    const call = this.nextId();
    return new Promise((resolve, reject) => {
      this.#calls.set(call, { resolve, reject });
      this.post(message(call));
    });
  }

  #receive(message: ToWorker): void {
    switch (message.type) {
      case "result": {
        if (message.state !== null) {
          this.connections.get(message.connection)?.update(message.state);
        }
        this.#take(message.call)?.resolve(message.value);
        return;
      }
      case "error":
        this.#take(message.call)?.reject(new DOMException(message.message, message.name));
        return;
      case "state": {
        const connection = this.connections.get(message.connection);
        connection?.update(message.state);
        if (message.state.connectionState === "closed") {
          this.connections.delete(message.connection);
        }
        connection?.dispatchEvent(new Event(message.event));
        return;
      }
      case "candidate": {
        const candidate = message.candidate === null ? null : new WorkerIceCandidate(message.candidate);
        this.connections.get(message.connection)?.dispatchEvent(eventWith("icecandidate", { candidate }));
        return;
      }
      case "incoming":
        this.#incoming(message);
        return;
      case "outgoing":
        if (message.transferred !== null) {
          this.channels.get(message.channel)?.attach(message.transferred);
        }
        return;
      case "open":
        this.channels.get(message.channel)?.opened(message.id);
        return;
      case "data":
        this.channels.get(message.channel)?.received(message.payloads);
        return;
      case "buffered":
        this.channels.get(message.channel)?.drained(message.sent, message.buffered);
        return;
      case "closed":
        this.channels.get(message.channel)?.closed();
        this.channels.delete(message.channel);
        return;
      case "channelError":
        this.channels.get(message.channel)?.failed(message.message);
        return;
    }
  }

  #take(call: number): PendingCall | undefined {
    const pending = this.#calls.get(call);
    this.#calls.delete(call);
    return pending;
  }

  #incoming(message: Extract<ToWorker, { type: "incoming" }>): void {
    const connection = this.connections.get(message.connection);
    if (message.transferred !== null) {
      // A transferred channel delivers messages as soon as somebody listens, so it has to be shown in this task.
      message.transferred.binaryType = "arraybuffer";
      if (connection === undefined) {
        message.transferred.close();
      } else {
        connection.dispatchEvent(eventWith("datachannel", { channel: message.transferred }));
      }
      return;
    }
    const channel = new WorkerDataChannel(message.channel, message.init, message.readyState, false, this);
    this.channels.set(message.channel, channel);
    if (connection === undefined) {
      channel.close();
    } else {
      connection.dispatchEvent(eventWith("datachannel", { channel }));
    }
  }
}

/** Set by `installRtc`; the classes below are handed to code that constructs them without arguments of ours. */
let installed: WorkerEnd | null = null;

function workerEnd(): WorkerEnd {
  if (installed === null) {
    throw new DOMException("The bridge to the window is not installed", "InvalidStateError");
  }
  return installed;
}

export class WorkerPeerConnection extends AttributeEventTarget {
  /** The id under which the window knows this connection; `RtcStats.connection` names it. */
  readonly bridgeId: number;
  readonly #end: WorkerEnd;
  #state: RtcState = NEW;
  #local: WorkerSessionDescription | null = null;
  #remote: WorkerSessionDescription | null = null;
  #gone = false;

  constructor(configuration: RTCConfiguration = {}) {
    super();
    this.#end = workerEnd();
    this.bridgeId = this.#end.nextId();
    this.#end.created += 1;
    this.#end.connections.set(this.bridgeId, this);
    this.#end.post({ type: "create", connection: this.bridgeId, configuration });
  }

  get connectionState(): RTCPeerConnectionState {
    return this.#state.connectionState;
  }
  get iceConnectionState(): RTCIceConnectionState {
    return this.#state.iceConnectionState;
  }
  get iceGatheringState(): RTCIceGatheringState {
    return this.#state.iceGatheringState;
  }
  get signalingState(): RTCSignalingState {
    return this.#state.signalingState;
  }
  get localDescription(): WorkerSessionDescription | null {
    return this.#local;
  }
  get remoteDescription(): WorkerSessionDescription | null {
    return this.#remote;
  }

  async createOffer(): Promise<RTCSessionDescriptionInit> {
    return asDescription(await this.#call("createOffer"));
  }

  async createAnswer(): Promise<RTCSessionDescriptionInit> {
    return asDescription(await this.#call("createAnswer"));
  }

  async setLocalDescription(description?: RTCSessionDescriptionInit): Promise<void> {
    const applied = await this.#call("setLocalDescription", ...(description === undefined ? [] : [plain(description)]));
    this.#local = new WorkerSessionDescription(asDescription(applied));
  }

  async setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
    await this.#call("setRemoteDescription", plain(description));
    this.#remote = new WorkerSessionDescription(description);
  }

  async addIceCandidate(candidate?: RTCIceCandidateInit): Promise<void> {
    await this.#call(
      "addIceCandidate",
      ...(candidate === undefined ? [] : [new WorkerIceCandidate(candidate).toJSON()]),
    );
  }

  createDataChannel(label: string, init: RTCDataChannelInit = {}): WorkerDataChannel {
    if (this.connectionState === "closed") {
      throw new DOMException("The RTCPeerConnection is closed", "InvalidStateError");
    }
    const id = this.#end.nextId();
    const channel = new WorkerDataChannel(
      id,
      {
        label,
        protocol: init.protocol ?? "",
        ordered: init.ordered ?? true,
        negotiated: init.negotiated ?? false,
        id: init.id ?? null,
      },
      "connecting",
      true,
      this.#end,
    );
    this.#end.channels.set(id, channel);
    this.#end.post({ type: "openChannel", connection: this.bridgeId, channel: id, label, init });
    return channel;
  }

  close(): void {
    if (this.#gone) {
      return;
    }
    this.#state = {
      ...this.#state,
      connectionState: "closed",
      iceConnectionState: "closed",
      signalingState: "closed",
    };
    this.#end.post({ type: "close", connection: this.bridgeId });
    this.#letGo();
  }

  /** @internal The window's view; a close on this side is final. */
  update(state: RtcState): void {
    if (this.connectionState === "closed") {
      return;
    }
    this.#state = state;
    if (state.connectionState === "closed") {
      // After the event that tells of it.
      queueMicrotask(() => this.close());
    }
  }

  /**
   * The specification has no `close` event. @libp2p/webrtc 6.0.33 waits for one all the same before it forgets a
   * connection, and would keep every one of them, with its streams, for as long as the worker lives.
   */
  #letGo(): void {
    this.#gone = true;
    this.#end.connections.delete(this.bridgeId);
    this.dispatchEvent(new Event("close"));
  }

  #call<Name extends RtcCallName>(method: Name, ...args: RtcCalls[Name]): Promise<Value> {
    return this.#end.call((call) => ({ type: "call", connection: this.bridgeId, call, method, args }));
  }
}

defineEventAttributes(WorkerPeerConnection.prototype, [
  "datachannel",
  "connectionstatechange",
  "iceconnectionstatechange",
  "icegatheringstatechange",
  "signalingstatechange",
  "icecandidate",
  "icecandidateerror",
  "negotiationneeded",
]);

/**
 * Connects this worker to the window behind `port` and defines RTCPeerConnection and its companions as globals.
 * `auto` takes data channels as objects where the worker knows the class (Chromium, Safari), else as messages.
 */
export function installRtc(port: MessagePort, options: { mode: "auto" | "messages" }): RtcBridge {
  const canTransfer = typeof Reflect.get(globalThis, "RTCDataChannel") === "function";
  const mode: RtcMode = options.mode === "auto" && canTransfer ? "transfer" : "messages";
  const end = new WorkerEnd(port, mode);
  installed = end;
  Object.assign(globalThis, {
    RTCPeerConnection: WorkerPeerConnection,
    RTCSessionDescription: WorkerSessionDescription,
    RTCIceCandidate: WorkerIceCandidate,
  });
  return {
    mode,
    created: () => end.created,
    open: () => end.connections.size,
    stats: async () => asStats(await end.call((call) => ({ type: "stats", call }))),
  };
}

function plain(description: RTCSessionDescriptionInit): RTCSessionDescriptionInit {
  return { type: description.type, sdp: description.sdp ?? "" };
}

function asDescription(value: Value): RTCSessionDescriptionInit {
  if (value === null || !("type" in value)) {
    throw new DOMException("The window answered without a description", "OperationError");
  }
  return value;
}

function asStats(value: Value): readonly RtcStats[] {
  if (value === null || "type" in value) {
    throw new DOMException("The window answered without figures", "OperationError");
  }
  return value;
}
