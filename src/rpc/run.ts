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

/** One life of a peer worker, from its start to its end. */
export interface PeerRun {
  readonly connection: PeerConnection;
  /** Resolves when the peer has started; never if it does not. */
  readonly ready: Promise<void>;
  /** Resolves with why it ended. */
  readonly ended: Promise<CallError>;
  /** Lets the peer stop cleanly, then ends the worker. Resolves when it has ended. */
  stop(reason: CallError): Promise<void>;
}

/**
 * A peer that has not stopped by then is ended as it is: its writes are transactions, so nothing stored suffers, and
 * another tab is to take over within a second (docs/architecture.md).
 */
export const STOP_GRACE = 800;

/** Starts a peer worker. Never throws: what fails is told by `ended`. */
export function startRun(ports: RunPorts, options: PeerOptions): PeerRun {
  const api = new MessageChannel();
  const rtc = new MessageChannel();
  const connection = connectPeer(api.port1, ports);
  const run = new Run(ports, connection);
  try {
    const host = ports.attachRtc(rtc.port1);
    void run.ended.then(() => host.close());
    const worker = ports.spawn();
    run.watchOver(worker);
    worker.postMessage({ kind: "start", api: api.port2, rtc: rtc.port2, options }, [api.port2, rtc.port2]);
  } catch (error) {
    ports.report(error);
    connection.end(new CallError("PEER_GONE", "the worker of the peer could not be started"));
  }
  return run;
}

class Run implements PeerRun {
  readonly connection: PeerConnection;
  readonly ready: Promise<void>;
  readonly ended: Promise<CallError>;
  readonly #ports: RunPorts;
  #worker: WorkerPort | null = null;
  #alive = false;
  #sayReady: () => void = () => undefined;
  #sayStopped: () => void = () => undefined;

  constructor(ports: RunPorts, connection: PeerConnection) {
    this.#ports = ports;
    this.connection = connection;
    this.ready = new Promise((resolve) => (this.#sayReady = resolve));
    this.ended = connection.ended;
    void connection.alive.then(() => (this.#alive = true));
  }

  watchOver(worker: WorkerPort): void {
    this.#worker = worker;
    worker.addEventListener("message", ({ data }) => {
      if (data.kind === "ready") this.#sayReady();
      else if (data.kind === "stopped") this.#sayStopped();
      else this.connection.end(new CallError(data.code, data.message, "PeerStartError"));
    });
    // Before the worker has shown life this means that its script did not load or did not run. Afterwards it is an
    // uncaught exception somewhere in it, which a worker survives.
    worker.addEventListener("error", ({ message }) => {
      const text = `the worker of the peer: ${message ?? "its script could not be loaded"}`;
      if (this.#alive) this.#ports.report(new CallError("INTERNAL", text));
      else this.connection.end(new CallError("PEER_GONE", text));
    });
    worker.addEventListener("messageerror", () => {
      this.#ports.report(new CallError("INTERNAL", "a message of the peer's worker could not be read"));
    });
    void this.ended.then(() => worker.terminate());
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
    this.connection.end(reason);
    await this.ended;
  }
}
