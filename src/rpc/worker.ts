import type { PeerApi } from "../peer/api.ts";
import { describeError } from "./errors.ts";
import type { FromPeerWorker, StartMessage, ToPeerWorker } from "./messages.ts";
import { PeerServer } from "./serve.ts";

/** A lock that was stolen is told in the page's next task; after this something else has opened the storage. */
const ROBBED_PATIENCE = 2_000;

export interface PeerWorkerOptions {
  /** Starts the peer; called once, when no other worker of this origin runs one. */
  readonly start: (message: StartMessage) => Promise<{ readonly api: PeerApi; stop(): Promise<void> }>;
  /** Told of every fault that reaches a page as `INTERNAL`, and of a stop that failed. */
  readonly report: (error: unknown, call: string) => void;
}

/** The worker's side of one life of the peer: does what its page says, and says how it goes. */
export class PeerWorker {
  readonly #options: PeerWorkerOptions;
  #peer: ReturnType<PeerWorkerOptions["start"]> | null = null;
  #server: PeerServer | null = null;

  constructor(options: PeerWorkerOptions) {
    this.#options = options;
  }

  /** What the page says; the first message is the start. */
  receive(message: ToPeerWorker): void {
    if (message.kind === "start") this.#serve(message);
    else if (message.kind === "connect") this.#server?.connect(message.api, message.page);
    else void this.#stop();
  }

  /** Pages keep this value in memory, and the next run of the peer gets it. */
  remember(value: unknown): void {
    this.#server?.remember(value);
  }

  /** The page starts the peer anew; until then calls wait. */
  restart(): void {
    this.#server?.leave();
    this.#say({ kind: "restart" });
  }

  /** The storage cannot be used any more: every call would fail from now on. The page learns once, and can start anew. */
  storeClosed(reason: "replaced" | "terminated"): void {
    const fail = (): void => {
      this.#say({ kind: "failed", code: "STORE_CLOSED", message: `the storage was ${reason}` });
    };
    if (reason === "terminated") return fail();
    // Another tab took the peer while this one was frozen. The page is about to learn that its lock was stolen, ends this
    // worker, and makes its calls again as a view of that tab: they must not fail before.
    this.#server?.leave();
    setTimeout(fail, ROBBED_PATIENCE);
  }

  #say(message: FromPeerWorker): void {
    self.postMessage(message);
  }

  #serve(message: StartMessage): void {
    const server = new PeerServer(() => this.#begin(message), {
      locks: navigator.locks,
      name: crypto.randomUUID(),
      after(ms, task) {
        const timer = setTimeout(task, ms);
        return () => clearTimeout(timer);
      },
      // Another worker runs the peer now, and has fenced this one off the storage.
      robbed: () => self.close(),
      report: this.#options.report,
    });
    // What pages keep goes on, also to those that come later.
    if (message.remembered !== undefined) server.remember(message.remembered);
    this.#server = server;
    server.connect(message.api, null);
  }

  async #begin(message: StartMessage): Promise<PeerApi> {
    try {
      this.#peer = this.#options.start(message);
      return (await this.#peer).api;
    } catch (error) {
      const { code, message: text } = describeError(error);
      this.#say({ kind: "failed", code, message: text });
      throw error;
    }
  }

  async #stop(): Promise<void> {
    this.#server?.leave();
    try {
      await (await this.#peer)?.stop();
    } catch (error) {
      // A peer that never started has nothing to stop; why it did not is told by `failed`.
      this.#options.report(error, "stop");
    }
    this.#say({ kind: "stopped" });
  }
}
