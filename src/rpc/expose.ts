import { expose, finalizer } from "comlink";
import type { LiveName, LiveQueries, PeerApi, Subscription } from "../peer/api.ts";
import { CallError, carryErrorCodes, describeError } from "./errors.ts";
import type { LockPort } from "./locks.ts";
import { isCallName, type AnyCall } from "./methods.ts";
import { LIFE_LOCK, type AnyUpdate, type PeerMessage, type RemotePeer } from "./wire.ts";

export interface ExposeOptions {
  /** `navigator.locks` of the worker. */
  readonly locks: LockPort;
  /** Told of every fault that reaches the page as `INTERNAL`, with what was called. */
  readonly report: (error: unknown, context: string) => void;
}

export interface ExposedPeer {
  /** Closes the page's subscriptions, gives up its calls, closes the port. */
  close(): Promise<void>;
}

/**
 * Serves a peer to the page at the other end of `port`. To be called as soon as the worker has the port: calls wait
 * until `start` has resolved, and reject with its error if it rejects.
 *
 * `start` is called once this worker holds {@link LIFE_LOCK}, that is when no other worker of this origin runs a peer:
 * one that was ended in the midst of work lives on for a while (Chromium gives a busy script 2 seconds), and two of
 * them would write into one storage.
 */
export function exposePeer(port: MessagePort, start: () => Promise<PeerApi>, options: ExposeOptions): ExposedPeer {
  carryErrorCodes();
  const served = new ServedPeer(port, start, options);
  // The port's own end: the page has gone or has closed it. Browsers without this event end the worker with its page.
  port.addEventListener("close", () => void served.close());
  expose(served.remote, port);
  return served;
}

class ServedPeer implements ExposedPeer {
  readonly remote: RemotePeer & { [finalizer]: () => void };
  readonly #port: MessagePort;
  readonly #peer: Promise<PeerApi>;
  readonly #options: ExposeOptions;
  readonly #calls = new Map<number, AbortController>();
  readonly #watches = new Map<number, Promise<Subscription>>();
  readonly #ended = new AbortController();
  #closing: Promise<void> | null = null;

  constructor(port: MessagePort, start: () => Promise<PeerApi>, options: ExposeOptions) {
    this.#port = port;
    this.#options = options;
    this.#peer = this.#live().then(start);
    // A failed start is told by every call; without a call it is the composition's to tell.
    this.#peer.catch(() => undefined);
    this.remote = {
      call: (call, method, args, cancellable) => this.#call(call, method, args, cancellable),
      cancel: (call) => this.#calls.get(call)?.abort(),
      watch: (id, name, params) => this.#watch(id, name, params),
      more: (id) => this.#told("more", this.#more(id)),
      unwatch: (id) => this.#told("unwatch", this.#unwatch(id)),
      [finalizer]: () => void this.close(),
    };
  }

  /** Takes the lock by which the page notices the end of this worker: it goes with the worker and not before. */
  #live(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#options.locks
        .request(LIFE_LOCK, { signal: this.#ended.signal }, () => {
          this.#post({ kind: "alive" });
          resolve();
          return new Promise<never>(() => undefined);
        })
        .catch(reject);
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    for (const controller of this.#calls.values()) controller.abort();
    const closings = await Promise.allSettled([...this.#watches.keys()].map((id) => this.#unwatch(id)));
    for (const closing of closings) {
      if (closing.status === "rejected") this.#options.report(closing.reason, "unwatch");
    }
    this.#port.close();
    this.#ended.abort();
  }

  async #call(call: number, method: string, args: readonly unknown[], cancellable: boolean): Promise<unknown> {
    const controller = new AbortController();
    this.#calls.set(call, controller);
    try {
      return await this.#told(method, this.#invoke(method, args, cancellable ? controller.signal : null));
    } finally {
      this.#calls.delete(call);
    }
  }

  async #invoke(method: string, args: readonly unknown[], signal: AbortSignal | null): Promise<unknown> {
    if (!isCallName(method)) throw new CallError("METHOD_UNKNOWN", `there is no call ${method}`);
    const peer = await this.#peer;
    const invoke = peer[method] as AnyCall;
    if (signal === null) return invoke.apply(peer, [...args]);
    signal.throwIfAborted();
    return invoke.apply(peer, [...args.slice(0, -1), { ...(args.at(-1) as object), signal }]);
  }

  #watch<Name extends LiveName>(id: number, name: Name, params: LiveQueries[Name]["params"]): Promise<void> {
    const opened = this.#peer.then((peer) =>
      peer.watch(name, params, (update) => {
        if (this.#watches.has(id)) this.#post({ kind: "update", watch: id, update: update as AnyUpdate });
      }),
    );
    this.#watches.set(id, opened);
    return this.#told(
      `watch ${name}`,
      opened.then(
        () => undefined,
        (error: unknown) => {
          this.#watches.delete(id);
          throw error;
        },
      ),
    );
  }

  async #more(id: number): Promise<void> {
    const subscription = await this.#watches.get(id);
    await subscription?.more();
  }

  async #unwatch(id: number): Promise<void> {
    const opening = this.#watches.get(id);
    this.#watches.delete(id);
    // A watch that failed was told to whoever asked for it; there is nothing to close.
    const subscription = await opening?.catch(() => null);
    await subscription?.close();
  }

  #post(message: PeerMessage): void {
    this.#port.postMessage(message);
  }

  /** Reports what the page will only see as `INTERNAL`. */
  async #told<Value>(context: string, work: Promise<Value>): Promise<Value> {
    try {
      return await work;
    } catch (error) {
      if (describeError(error).code === "INTERNAL") this.#options.report(error, context);
      throw error;
    }
  }
}
