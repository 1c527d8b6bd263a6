import { connectPeer, type PeerConnection } from "./connect.ts";
import { CallError } from "./errors.ts";
import type { LockPort } from "./locks.ts";
import type { FromPeerWorker, PeerOptions, ToPeerWorker } from "./messages.ts";

/** What this room needs of a `Worker`. */
export interface WorkerPort {
  postMessage(message: ToPeerWorker, transfer: Transferable[]): void;
  addEventListener(type: "message", listener: (event: { readonly data: FromPeerWorker }) => void): void;
  addEventListener(type: "error" | "messageerror", listener: (event: { readonly message?: string }) => void): void;
  terminate(): void;
}

export interface RunPorts {
  readonly locks: LockPort;
  /** A new worker with the peer's code. */
  spawn(): WorkerPort;
  /** Lends the window's RTCPeerConnections to the worker; closed when the worker has ended. */
  attachRtc(port: MessagePort): { close(): void };
  /** Runs `task` once after `ms` milliseconds; returns what cancels it. */
  after(ms: number, task: () => void): () => void;
  readonly report: (error: unknown) => void;
}

/** What a run asks of the page that it runs in. */
export interface RunEvents {
  /** To be kept for the next run. */
  readonly remember: (value: unknown) => void;
  /** The peer wants to be started anew. */
  readonly restart: () => void;
}

/** One life of a peer worker, from its start to its end. */
export interface PeerRun {
  readonly connection: PeerConnection;
  /** Resolves with why it ended. */
  readonly ended: Promise<CallError>;
  /** Serves another tab, which holds the Web Lock `page`, at the other end of `port`. */
  admit(port: MessagePort, page: string): void;
  /** Lets the peer stop cleanly, then ends the worker. Resolves when it has ended. */
  stop(reason: CallError): Promise<void>;
  /** Ends the worker within this task. */
  kill(reason: CallError): void;
}

/**
 * A peer that has not stopped by then is ended as it is: its writes are transactions, so nothing stored suffers, and
 * another tab is to take over within a second (docs/architecture.md).
 */
export const STOP_GRACE = 800;

/** Starts a peer worker. Never throws: what fails is told by `ended`. */
export function startRun(ports: RunPorts, events: RunEvents, options: PeerOptions, remembered: unknown): PeerRun {
  const api = new MessageChannel();
  const rtc = new MessageChannel();
  const connection = connectPeer(api.port1, { ...ports, remember: events.remember });
  const run = new Run(ports, events, connection);
  try {
    const host = ports.attachRtc(rtc.port1);
    run.host = host;
    const worker = ports.spawn();
    run.watchOver(worker);
    const start: ToPeerWorker = { kind: "start", api: api.port2, rtc: rtc.port2, options, remembered };
    worker.postMessage(start, [api.port2, rtc.port2]);
  } catch (error) {
    ports.report(error);
    run.kill(new CallError("WORKER_UNAVAILABLE", "the worker of the peer could not be started"));
  }
  return run;
}

class Run implements PeerRun {
  readonly connection: PeerConnection;
  readonly ended: Promise<CallError>;
  host: { close(): void } | null = null;
  readonly #ports: RunPorts;
  readonly #events: RunEvents;
  #worker: WorkerPort | null = null;
  #alive = false;
  #sayStopped: () => void = () => undefined;

  constructor(ports: RunPorts, events: RunEvents, connection: PeerConnection) {
    this.#ports = ports;
    this.#events = events;
    this.connection = connection;
    this.ended = connection.ended;
    void connection.alive.then(() => (this.#alive = true));
    // It may also end by itself.
    void this.ended.then(() => this.#clear());
  }

  watchOver(worker: WorkerPort): void {
    this.#worker = worker;
    worker.addEventListener("message", ({ data }) => {
      if (data.kind === "stopped") this.#sayStopped();
      else if (data.kind === "restart") this.#events.restart();
      else this.connection.end(new CallError(data.code, data.message, "PeerStartError"));
    });
    // Before the worker has shown life this means that its script did not load or did not run. Afterwards it is an
    // uncaught exception somewhere in it, which a worker survives.
    worker.addEventListener("error", ({ message }) => {
      const text = `the worker of the peer: ${message ?? "its script could not be loaded"}`;
      if (this.#alive) this.#ports.report(new CallError("INTERNAL", text));
      else this.connection.end(new CallError("WORKER_UNAVAILABLE", text));
    });
    worker.addEventListener("messageerror", () => {
      this.#ports.report(new CallError("INTERNAL", "a message of the peer's worker could not be read"));
    });
  }

  admit(port: MessagePort, page: string): void {
    // Without a worker the port is lost, and the other tab asks again.
    this.#worker?.postMessage({ kind: "connect", api: port, page }, [port]);
  }

  async stop(reason: CallError): Promise<void> {
    const worker = this.#worker;
    if (worker !== null) {
      const stopped = new Promise<void>((resolve) => (this.#sayStopped = resolve));
      worker.postMessage({ kind: "stop" }, []);
      let cancel = (): void => undefined;
      const late = new Promise<void>((resolve) => (cancel = this.#ports.after(STOP_GRACE, resolve)));
      await Promise.race([stopped, late, this.ended]);
      cancel();
    }
    this.kill(reason);
  }

  kill(reason: CallError): void {
    this.connection.end(reason);
    this.#clear();
  }

  #clear(): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.host?.close();
    this.host = null;
  }
}
