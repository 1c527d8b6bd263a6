import type { PeerApi } from "../peer/api.ts";
import type { TabBroker } from "./broker.ts";
import { CallError, codeOf } from "./errors.ts";
import { PeerLink } from "./link.ts";
import type { PeerOptions } from "./messages.ts";
import { LEAVE_REASONS, Reign, type Ending } from "./reign.ts";
import type { RunPorts } from "./run.ts";
import { isFinal, isHere, until, type PeerHandle, type PeerState } from "./state.ts";
import type { PageLife, TabChannel, TabMessage } from "./tabs.ts";
import { View } from "./view.ts";

export interface SessionPorts extends RunPorts {
  /** Tabs of this origin. */
  readonly tabs: TabChannel;
  /** Brings ports to the tab that runs the peer. */
  readonly broker: TabBroker;
  readonly life: PageLife;
  /** Milliseconds since 1970. */
  now(): number;
  /** Unique to this page. */
  readonly name: string;
}

/** Whoever holds this Web Lock runs the peer of this origin. */
export const PEER_LOCK = "mehr-peer";

/**
 * The peer of the origin as this page has it. One tab, which holds {@link PEER_LOCK}, runs it; the others are views of it and stand
 * in line for the lock. A tab that closes or crashes frees it by itself, one that is being frozen lets go, and from one that shows
 * no life it is stolen.
 */
export class PeerSession implements PeerHandle {
  readonly #ports: SessionPorts;
  readonly #options: PeerOptions;
  readonly #link: PeerLink;
  readonly #listeners = new Set<(state: PeerState) => void>();
  readonly #unsubscribe: (() => void)[];
  readonly #done: Promise<void>;
  /** Held for as long as this page lives, so that the worker knows when it has gone. */
  readonly #page: string;
  readonly asked: Promise<void>;
  #sayAsked: () => void = () => undefined;
  #state: PeerState = { kind: "starting" };
  #reign: Reign | null = null;
  #view: View | null = null;
  /** Ends this tab's place in the line. */
  #place: AbortController | null = null;
  /** The tab that holds the lock shows no life: take it. */
  #stealing = false;
  /** Leaves the state `failed`. */
  #resume: () => void = () => undefined;
  #thawed: Promise<void> | null = null;
  #thaw: () => void = () => undefined;
  /** Calls of `takeOver` that wait. */
  readonly #takers = new Set<AbortController>();
  /** What the peer had the pages keep for its next run. */
  #remembered: unknown = undefined;
  #closed = false;

  constructor(ports: SessionPorts, options: PeerOptions) {
    this.#ports = ports;
    this.#options = options;
    this.#page = `mehr-page-${ports.name}`;
    this.#link = new PeerLink(ports.report);
    this.asked = new Promise((resolve) => (this.#sayAsked = resolve));
    ports.tabs.addEventListener("message", ({ data }) => this.#hear(data));
    this.#unsubscribe = [
      ports.life.on("freeze", () => this.#freeze()),
      ports.life.on("resume", () => this.#thaw()),
      ports.life.on("visible", () => this.#view?.look()),
    ];
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
    if (isHere(this.#state)) return;
    const outbid = new AbortController();
    this.#takers.add(outbid);
    try {
      this.#ports.tabs.postMessage({ kind: "yield" });
      const signal = AbortSignal.any([outbid.signal, ...(options.signal === undefined ? [] : [options.signal])]);
      await until(this, (state) => isHere(state) || isFinal(state), signal);
    } finally {
      this.#takers.delete(outbid);
    }
  }

  async restart(): Promise<void> {
    if (this.#state.kind === "failed") this.#resume();
    else if (isHere(this.#state)) await this.#reign?.leave("restarted");
    await until(this, (state) => state.kind !== "starting");
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#resume();
    this.#thaw();
    this.#place?.abort();
    await this.#reign?.leave("closed");
    await this.#done;
  }

  async #live(): Promise<void> {
    const present = this.#showPresent();
    while (!this.#closed) {
      await this.#thawed;
      const ending = await this.#turn().catch((error: unknown) => {
        const code = codeOf(error);
        if (code === null) this.#ports.report(error);
        return new CallError(code ?? "INTERNAL", "the peer could not be started");
      });
      if (!(ending instanceof CallError) || this.#closed) continue;
      await this.#failed(ending);
    }
    present.abort();
    this.#link.refuse(LEAVE_REASONS.closed);
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#ports.broker.close();
    this.#ports.tabs.close();
    this.#enter({ kind: "closed" });
  }

  /** Holds the lock of this page. Where there are no locks the turn for the peer's tells. */
  #showPresent(): AbortController {
    const gone = new AbortController();
    const untilGone = (): Promise<void> =>
      new Promise((resolve) => {
        if (gone.signal.aborted) resolve();
        gone.signal.addEventListener("abort", () => resolve(), { once: true });
      });
    this.#ports.locks.request(this.#page, {}, untilGone).catch(() => undefined);
    return gone;
  }

  /** Until `restart`, `takeOver`, `close`, or a peer in another tab. The lock is free meanwhile: a tab in line tries its luck. */
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

  /** Gets the lock, at once, in line or by force, and runs the peer until that ends. Until then this page is a view. */
  async #turn(): Promise<Ending> {
    const atOnce = await this.#hold({ ifAvailable: true });
    if (atOnce !== null) return atOnce;
    this.#view = this.#openView();
    try {
      while (!this.#closed && this.#thawed === null) {
        const ending = this.#stealing ? await this.#hold({ steal: true }) : await this.#wait();
        if (ending !== null) return ending;
      }
      return this.#closed ? "closed" : "frozen";
    } finally {
      this.#closeView();
    }
  }

  /** Stands in line; `null` when it was called out of it. */
  async #wait(): Promise<Ending | null> {
    const place = new AbortController();
    this.#place = place;
    try {
      return await this.#hold({ signal: place.signal });
    } catch (error) {
      if (place.signal.aborted) return null;
      throw error;
    }
  }

  /** Runs the peer while this page has the lock; `null` when it did not get it. */
  async #hold(options: { ifAvailable: true } | { signal: AbortSignal } | { steal: true }): Promise<Ending | null> {
    /** One at most: a lock is granted once. */
    const reigns: Promise<Ending>[] = [];
    try {
      return await this.#ports.locks.request(PEER_LOCK, options, (lock) => {
        if (lock === null) return null;
        const reign = this.#rule();
        reigns.push(reign);
        this.#sayAsked();
        return reign;
      });
    } catch (error) {
      const [reign] = reigns;
      if (reign === undefined) throw error;
      // The lock was stolen from this page, which was frozen or hung: the peer has another tab now. (Where it was the reign
      // that failed there is nothing to leave, and it fails again below.)
      this.#reign?.leaveAtOnce("robbed");
      return await reign;
    } finally {
      this.#sayAsked();
    }
  }

  /** This tab holds the lock for as long as this runs. */
  async #rule(): Promise<Ending> {
    this.#place = null;
    this.#closeView();
    if (this.#closed) return "closed";
    if (this.#thawed !== null) return "frozen";
    const reign = new Reign(this.#ports, this.#options, this.#link, {
      enter: (state) => this.#enter(state),
      remember: (value) => (this.#remembered = value),
      remembered: () => this.#remembered,
    });
    this.#reign = reign;
    const receiveNoMore = this.#ports.broker.receive(({ page, port }) => reign.admit(port, page));
    try {
      return await reign.last();
    } finally {
      receiveNoMore();
      this.#reign = null;
    }
  }

  #openView(): View {
    return new View(
      this.#ports,
      {
        remember: (value) => (this.#remembered = value),
        connected: (connection) => this.#link.attach(connection),
        ready: () => this.#enter({ kind: "running", here: false }),
        lost: () => {
          this.#link.expect();
          this.#enter({ kind: "starting" });
        },
        impossible: () => {
          this.#link.refuse(new CallError("PEER_ELSEWHERE", "the peer runs in another tab"));
          this.#enter({ kind: "elsewhere" });
        },
        silent: () => {
          this.#stealing = true;
          this.#place?.abort();
        },
        busy: () => this.#link.busy,
      },
      this.#page,
    );
  }

  #closeView(): void {
    this.#stealing = false;
    if (this.#view === null) return;
    this.#link.expect();
    this.#view.stop(new CallError("PEER_GONE", "the peer moves to this tab"));
    this.#view = null;
  }

  /**
   * A frozen page keeps its locks and its open transactions, which would hold up every other tab (Chromium 156 ends such a
   * transaction after a minute). So the peer ends before the page is frozen; and a view lets go, lest updates pile up for it.
   */
  #freeze(): void {
    if (this.#closed || this.#thawed !== null) return;
    this.#thawed = new Promise((resolve) => {
      this.#thaw = () => {
        this.#thaw = () => undefined;
        this.#thawed = null;
        resolve();
      };
    });
    this.#reign?.leaveAtOnce("frozen");
    if (this.#view !== null) this.#enter({ kind: "starting" });
    this.#closeView();
    this.#place?.abort();
  }

  #hear(message: TabMessage): void {
    this.#view?.hear(message);
    switch (message.kind) {
      case "yield":
        // Who asks last gets it, or two who ask at once would take it from each other for ever.
        for (const taker of this.#takers) taker.abort(OUTBID);
        // The line is served in order: going to its end lets the tab go first that asks.
        this.#place?.abort();
        this.#reign?.leave("yielded").catch((error: unknown) => this.#ports.report(error));
        return;
      case "holder":
        this.#stealing = false;
        // A tab in line had the lock before it heard of the asking.
        if (this.#takers.size > 0) this.#ports.tabs.postMessage({ kind: "yield" });
        return;
      case "ready":
        this.#resume();
        return;
      case "there?":
        // By a timer: Chromium 156 delivers broadcasts to a frozen page, too, but runs no timers of it.
        this.#ports.after(0, () => {
          if (this.#reign !== null) this.#ports.tabs.postMessage({ kind: "here" });
        });
        return;
      case "here":
    }
  }

  #enter(state: PeerState): void {
    if (state.kind === this.#state.kind && state.kind !== "failed") return;
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }
}

const OUTBID = new CallError("PEER_ELSEWHERE", "another tab has taken the peer over");
