import type { PeerApi } from "../peer/api.ts";
import { CallError, codeOf } from "./errors.ts";
import { PeerLink } from "./link.ts";
import type { PeerOptions } from "./messages.ts";
import { startRun, type PeerRun, type RunPorts } from "./run.ts";

export type PeerState =
  /** The peer is on its way; calls wait for it. */
  | { readonly kind: "starting" }
  | { readonly kind: "running" }
  /** It runs in another tab; calls reject with `PEER_ELSEWHERE`. It starts here when that tab is closed. */
  | { readonly kind: "elsewhere" }
  /** It died or could not start; calls reject with this code. */
  | { readonly kind: "failed"; readonly code: string }
  | { readonly kind: "closed" };

/** The peer of this origin as one page sees it. */
export interface PeerHandle {
  /** Stays the same object for the life of the page. */
  readonly api: PeerApi;
  readonly state: PeerState;
  /** `listener` gets the present state at once, then every change. Returns what ends that. */
  onState(listener: (state: PeerState) => void): () => void;
  /**
   * Runs the peer in this tab: the tab that has it stops it cleanly, then it starts here.
   * @throws CallError with the code of the failure, `PEER_ELSEWHERE` when a third tab asked later, `PEER_CLOSED`, or
   * the signal's reason (then the asking ends; a peer that has been let go by then still comes)
   */
  takeOver(options?: { signal?: AbortSignal }): Promise<void>;
  /** Starts the peer anew: after it failed, or in place of the one that runs here. Rejects like `takeOver`, or with `PEER_ELSEWHERE`. */
  restart(): Promise<void>;
  /** Stops the peer, or stops waiting for it. Final. */
  close(): Promise<void>;
}

/** Tabs of one origin: what one posts all others get, and itself does not. A `BroadcastChannel` is one. */
export interface TabChannel {
  postMessage(message: TabMessage): void;
  addEventListener(type: "message", listener: (event: { readonly data: TabMessage }) => void): void;
  close(): void;
}

export type TabMessage =
  /** Another tab wants the peer: whoever runs it lets go, whoever waits for it steps back. */
  | { readonly kind: "yield" }
  /** Another tab runs the peer from now on. */
  | { readonly kind: "holder" };

export interface SessionPorts extends RunPorts {
  /** Tabs of this origin. */
  readonly tabs: TabChannel;
}

/** Whoever holds this Web Lock runs the peer of this origin. */
export const PEER_LOCK = "mehr-peer";

type Ending = "yielded" | "restarted" | "closed" | CallError;

/**
 * Runs the peer while this tab holds {@link PEER_LOCK}, waits in line for it while another does. A tab that closes or
 * crashes frees the lock by itself, so the next in line takes over without anybody's doing.
 */
export class PeerSession implements PeerHandle {
  readonly #ports: SessionPorts;
  readonly #options: PeerOptions;
  readonly #link: PeerLink;
  readonly #listeners = new Set<(state: PeerState) => void>();
  readonly #done: Promise<void>;
  #state: PeerState = { kind: "starting" };
  #run: PeerRun | null = null;
  /** Why the present run was told to stop. */
  #ending: Ending | null = null;
  /** Ends this tab's place in the line. */
  #place: AbortController | null = null;
  /** Leaves the state `failed`. */
  #resume: () => void = () => undefined;
  /** Calls of `takeOver` that wait. */
  readonly #takers = new Set<AbortController>();
  #closed = false;

  constructor(ports: SessionPorts, options: PeerOptions) {
    this.#ports = ports;
    this.#options = options;
    this.#link = new PeerLink(ports.report);
    ports.tabs.addEventListener("message", ({ data }) => this.#hear(data));
    this.#done = this.#live();
  }

  get api(): PeerApi {
    return this.#link.api;
  }

  get state(): PeerState {
    return this.#state;
  }

  onState(listener: (state: PeerState) => void): () => void {
    // Its own function, so that one given twice is told twice and ended once.
    const told = (state: PeerState): void => listener(state);
    this.#listeners.add(told);
    told(this.#state);
    return () => this.#listeners.delete(told);
  }

  async takeOver(options: { signal?: AbortSignal } = {}): Promise<void> {
    if (this.#closed) throw LEAVE_REASONS.closed;
    if (this.#state.kind === "failed") this.#resume();
    if (this.#state.kind === "running") return;
    const outbid = new AbortController();
    this.#takers.add(outbid);
    try {
      this.#ports.tabs.postMessage({ kind: "yield" });
      const signal = AbortSignal.any([outbid.signal, ...(options.signal === undefined ? [] : [options.signal])]);
      await this.#until((state) => state.kind !== "starting" && state.kind !== "elsewhere", signal);
    } finally {
      this.#takers.delete(outbid);
    }
  }

  async restart(): Promise<void> {
    if (this.#state.kind === "failed") this.#resume();
    else if (this.#state.kind === "running") await this.#leave("restarted");
    await this.#until((state) => state.kind !== "starting");
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#resume();
    this.#place?.abort();
    await this.#leave("closed");
    await this.#done;
  }

  async #live(): Promise<void> {
    while (!this.#closed) {
      const ending = await this.#turn().catch((error: unknown) => {
        const code = codeOf(error);
        if (code === null) this.#ports.report(error);
        return new CallError(code ?? "INTERNAL", "the peer could not be started");
      });
      if (!(ending instanceof CallError) || this.#closed) continue;
      await this.#failed(ending);
    }
    this.#link.refuse(LEAVE_REASONS.closed);
    this.#ports.tabs.close();
    this.#enter({ kind: "closed" });
  }

  /** Until `restart`, `takeOver` or `close`. The lock is free meanwhile: a tab in line tries its own luck. */
  #failed(error: CallError): Promise<void> {
    this.#link.refuse(error);
    return new Promise((resolve) => {
      this.#resume = () => {
        this.#resume = () => undefined;
        this.#link.expect();
        this.#enter({ kind: "starting" });
        resolve();
      };
      this.#enter({ kind: "failed", code: error.code });
    });
  }

  /** Gets the lock, at once or in line, and runs the peer until that ends. */
  async #turn(): Promise<Ending> {
    const { locks } = this.#ports;
    const atOnce = await locks.request(PEER_LOCK, { ifAvailable: true }, (lock) =>
      lock === null ? null : this.#reign(),
    );
    if (atOnce !== null) return atOnce;
    this.#link.refuse(new CallError("PEER_ELSEWHERE", "the peer runs in another tab"));
    this.#enter({ kind: "elsewhere" });
    while (!this.#closed) {
      const place = new AbortController();
      this.#place = place;
      try {
        return await locks.request(PEER_LOCK, { signal: place.signal }, () => this.#reign());
      } catch (error) {
        if (!place.signal.aborted) throw error;
      }
    }
    return "closed";
  }

  /** This tab holds the lock for as long as this runs. */
  async #reign(): Promise<Ending> {
    this.#place = null;
    this.#ports.tabs.postMessage({ kind: "holder" });
    let ending: Ending = "restarted";
    while (ending === "restarted") ending = this.#closed ? "closed" : await this.#runOnce();
    return ending;
  }

  async #runOnce(): Promise<Ending> {
    this.#ending = null;
    this.#link.expect();
    this.#enter({ kind: "starting" });
    const run = startRun(this.#ports, this.#options);
    this.#run = run;
    this.#link.attach(run.connection);
    void run.ready.then(() => {
      if (this.#run === run && this.#ending === null) this.#enter({ kind: "running" });
    });
    const reason = await run.ended;
    this.#run = null;
    return this.#ending ?? reason;
  }

  /** Stops the peer that runs here, if one does. */
  async #leave(ending: "yielded" | "restarted" | "closed"): Promise<void> {
    const run = this.#run;
    if (run === null || (this.#ending !== null && ending !== "closed")) return;
    this.#ending = ending;
    const reason = LEAVE_REASONS[ending];
    if (ending === "restarted") this.#link.expect();
    else this.#link.refuse(reason);
    if (ending !== "closed") this.#enter({ kind: ending === "restarted" ? "starting" : "elsewhere" });
    await run.stop(reason);
  }

  #hear(message: TabMessage): void {
    if (message.kind === "yield") {
      // Who asks last gets it, or two who ask at once would take it from each other for ever.
      for (const taker of this.#takers) taker.abort(LEAVE_REASONS.yielded);
      // The line is served in order: going to its end lets the tab go first that asks.
      this.#place?.abort();
      this.#leave("yielded").catch((error: unknown) => this.#ports.report(error));
    } else if (this.#takers.size > 0) {
      // A tab in line had the lock before it heard of the asking.
      this.#ports.tabs.postMessage({ kind: "yield" });
    }
  }

  #enter(state: PeerState): void {
    if (state.kind === this.#state.kind && state.kind !== "failed") return;
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }

  /** Waits for a settled state; rejects when it is another than `running`. */
  #until(settled: (state: PeerState) => boolean, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason);
      let stop = (): void => undefined;
      const abort = (): void => {
        stop();
        reject(signal?.reason);
      };
      const check = (state: PeerState): void => {
        if (!settled(state)) return;
        stop();
        signal?.removeEventListener("abort", abort);
        if (state.kind === "running") resolve();
        else reject(endOf(state));
      };
      signal?.addEventListener("abort", abort, { once: true });
      stop = this.onState(check);
      if (settled(this.#state)) stop();
    });
  }
}

const LEAVE_REASONS = {
  yielded: new CallError("PEER_ELSEWHERE", "another tab has taken the peer over"),
  restarted: new CallError("PEER_GONE", "the peer was restarted"),
  closed: new CallError("PEER_CLOSED", "the page has closed its peer"),
};

function endOf(state: PeerState): CallError {
  if (state.kind === "failed") return new CallError(state.code, "the peer could not start");
  if (state.kind === "elsewhere") return new CallError("PEER_ELSEWHERE", "the peer runs in another tab");
  return new CallError("PEER_CLOSED", "the page has closed its peer");
}
