import { releaseProxy, wrap } from "comlink";
import type { LiveName, LiveQueries, LiveUpdate, PeerApi, Subscription } from "../peer/api.ts";
import { CallError, carryErrorCodes } from "./errors.ts";
import type { LockPort } from "./locks.ts";
import { peerApi, type CallName } from "./methods.ts";
import { isPeerMessage, type AnyUpdate, type RemotePeer } from "./wire.ts";

export interface ConnectOptions {
  /** `navigator.locks` of the page. */
  readonly locks: LockPort;
  /** Told of what a listener throws and of what the browser says of the port and the lock. */
  readonly report: (error: unknown) => void;
  /** Takes what the peer wants remembered for its next run. */
  readonly remember: (value: unknown) => void;
}

/** A page's connection to one life of a peer. It ends once, and then stays ended. */
export interface PeerConnection {
  readonly api: PeerApi;
  /** Resolves when the peer's side has told that it runs; from then on its end is noticed. */
  readonly alive: Promise<void>;
  /** Resolves when the peer has started: storage is open, what is stored can be read. Never if it does not. */
  readonly ready: Promise<void>;
  /** Resolves with the reason when the connection has ended, by whichever side. */
  readonly ended: Promise<CallError>;
  /** Why it has ended, `null` while it has not. What calls reject with then is this very object. */
  readonly reason: CallError | null;
  /** Calls that the peer has not answered yet. */
  readonly pending: number;
  /** Resolves when the thread of the peer is free to answer. Rejects like a call when the connection ends. */
  beat(): Promise<void>;
  /** Rejects every call that is under way, and every later one, with `reason`; lets go of the peer. */
  end(reason: CallError): void;
}

/**
 * Connects to a peer that `exposePeer` serves at the other end of `port`.
 *
 * Comlink's calls never settle when the worker dies. These do, with `PEER_GONE`: when the port closes (an event of
 * Chromium and Node, not always sent), when the lock that the worker holds comes free (everywhere, also after a crash), or when whoever
 * started the worker calls `end`.
 */
export function connectPeer(port: MessagePort, options: ConnectOptions): PeerConnection {
  carryErrorCodes();
  return new Connection(port, options);
}

class Connection implements PeerConnection {
  readonly api: PeerApi;
  readonly alive: Promise<void>;
  readonly ready: Promise<void>;
  readonly ended: Promise<CallError>;
  readonly #port: MessagePort;
  readonly #options: ConnectOptions;
  readonly #remote: ReturnType<typeof wrap<RemotePeer>>;
  readonly #pending = new Set<(reason: unknown) => void>();
  readonly #listeners = new Map<number, (update: AnyUpdate) => void>();
  readonly #lockWait = new AbortController();
  #reason: CallError | null = null;
  #ids = 0;
  #beats = 0;
  #sayAlive: () => void = () => undefined;
  #sayReady: () => void = () => undefined;
  #sayEnded: (reason: CallError) => void = () => undefined;

  constructor(port: MessagePort, options: ConnectOptions) {
    this.#port = port;
    this.#options = options;
    this.alive = new Promise((resolve) => (this.#sayAlive = resolve));
    this.ready = new Promise((resolve) => (this.#sayReady = resolve));
    this.ended = new Promise((resolve) => (this.#sayEnded = resolve));
    this.api = peerApi(
      (name, params, listener) => this.#watch(name, params, listener),
      (name, args) => this.#call(name, args),
    );
    port.addEventListener("message", (event: MessageEvent<unknown>) => this.#receive(event.data));
    port.addEventListener("messageerror", () =>
      options.report(new CallError("INTERNAL", "a message of the peer could not be read")),
    );
    port.addEventListener("close", () => this.end(gone("the port to the peer has closed")));
    this.#remote = wrap<RemotePeer>(port);
    port.start();
  }

  get reason(): CallError | null {
    return this.#reason;
  }

  get pending(): number {
    return this.#pending.size - this.#beats;
  }

  async beat(): Promise<void> {
    this.#beats++;
    try {
      await this.#settled(async () => await this.#remote.beat());
    } finally {
      this.#beats--;
    }
  }

  end(reason: CallError): void {
    if (this.#reason !== null) return;
    this.#reason = reason;
    this.#lockWait.abort();
    this.#listeners.clear();
    for (const reject of this.#pending) reject(reason);
    this.#pending.clear();
    // Tells a peer that still lives to close what this page had open. What was posted before `close` still arrives.
    this.#remote[releaseProxy]();
    this.#port.close();
    this.#sayEnded(reason);
  }

  async #call(name: CallName, args: readonly unknown[]): Promise<unknown> {
    const id = ++this.#ids;
    const signal = signalOf(args.at(-1));
    if (signal === null) return this.#settled(() => this.#remote.call(id, name, args, false));
    signal.throwIfAborted();
    const { signal: _, ...rest } = args.at(-1) as { signal: AbortSignal };
    return this.#settled(() => this.#remote.call(id, name, [...args.slice(0, -1), rest], true), {
      signal,
      cancel: () => void this.#remote.cancel(id),
    });
  }

  async #watch<Name extends LiveName>(
    name: Name,
    params: LiveQueries[Name]["params"],
    listener: (update: LiveUpdate<Name>) => void,
  ): Promise<Subscription> {
    const id = ++this.#ids;
    // Updates are routed by the id under which this very listener was registered, so their name is its name.
    this.#listeners.set(id, listener as (update: AnyUpdate) => void);
    try {
      await this.#settled(() => this.#remote.watch(id, name, params));
    } catch (error) {
      this.#listeners.delete(id);
      throw error;
    }
    return {
      more: () => this.#settled(() => this.#remote.more(id)),
      close: async () => {
        if (!this.#listeners.delete(id)) return;
        await this.#settled(() => this.#remote.unwatch(id));
      },
    };
  }

  /** The outcome of one call, its cancellation or the end of the connection, whichever comes first. */
  #settled<Value>(call: () => Promise<Value>, abort?: { signal: AbortSignal; cancel: () => void }): Promise<Value> {
    if (this.#reason !== null) return Promise.reject(this.#reason);
    let giveUp: (reason: unknown) => void = () => undefined;
    const outcome = new Promise<Value>((resolve, reject) => {
      giveUp = reject;
      call().then(resolve, (error: unknown) => reject(asCallError(error)));
    });
    const onAbort = (): void => {
      if (this.#reason === null) abort?.cancel();
      giveUp(abort?.signal.reason);
    };
    this.#pending.add(giveUp);
    abort?.signal.addEventListener("abort", onAbort, { once: true });
    return outcome.finally(() => {
      this.#pending.delete(giveUp);
      abort?.signal.removeEventListener("abort", onAbort);
    });
  }

  #receive(data: unknown): void {
    if (this.#reason !== null || !isPeerMessage(data)) return;
    switch (data.kind) {
      case "alive":
        this.#waitForEnd(data.lock);
        this.#sayAlive();
        return;
      case "ready":
        this.#sayReady();
        return;
      case "remember":
        this.#options.remember(data.value);
        return;
      case "update":
        this.#update(data.watch, data.update);
    }
  }

  #update(watch: number, update: AnyUpdate): void {
    try {
      this.#listeners.get(watch)?.(update);
    } catch (error) {
      this.#options.report(error);
    }
  }

  /**
   * The worker holds this lock: whoever gets it knows that the worker has ended. Shared, so that all pages get it at once,
   * whatever one of them does meanwhile.
   */
  #waitForEnd(lock: string): void {
    const { signal } = this.#lockWait;
    this.#options.locks
      .request(lock, { signal, mode: "shared" }, () => this.end(gone("the worker of the peer has ended")))
      .catch((error: unknown) => {
        if (!signal.aborted) this.#options.report(error);
      });
  }
}

function gone(message: string): CallError {
  return new CallError("PEER_GONE", message);
}

/** The signal among the options of a call. */
export function signalOf(options: unknown): AbortSignal | null {
  const signal = typeof options === "object" && options !== null && "signal" in options ? options.signal : null;
  return signal instanceof AbortSignal ? signal : null;
}

function asCallError(error: unknown): unknown {
  if (error instanceof DOMException && error.name === "DataCloneError") {
    return new CallError("ARGUMENT_INVALID", "an argument cannot be copied to the peer: pass plain data");
  }
  return error;
}
