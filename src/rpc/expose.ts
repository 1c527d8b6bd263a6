import { expose, finalizer } from "comlink";
import type { LiveName, LiveQueries, PeerApi, Subscription } from "../peer/api.ts";
import { CallError, carryErrorCodes, describeError } from "./errors.ts";
import { isCallName, type AnyCall } from "./methods.ts";
import type { AnyUpdate, PeerMessage, RemotePeer } from "./wire.ts";

export interface ExposeOptions {
  /** Told of every fault that reaches the page as `INTERNAL`, with what was called. */
  readonly report: (error: unknown, context: string) => void;
  /**
   * The peer is being stopped, or its storage has been taken by another tab: what fails now fails for that reason and is not
   * answered. The worker ends within moments, and pages make such calls again on the next peer.
   */
  readonly leaving: () => boolean;
}

/** A peer that is served to one page. */
export interface ExposedPeer {
  /** Something beside answers and updates. */
  tell(message: PeerMessage): void;
  /** Closes the page's subscriptions, gives up its calls, closes the port. */
  close(): Promise<void>;
  /** Resolves when it has been closed, by whichever side. */
  readonly closed: Promise<void>;
}

/**
 * Serves a peer to the page at the other end of `port`. Calls wait until `peer` has resolved, and reject with its error if
 * it rejects.
 */
export function exposePeer(port: MessagePort, peer: Promise<PeerApi>, options: ExposeOptions): ExposedPeer {
  carryErrorCodes();
  const served = new ServedPeer(port, peer, options);
  // The port's own end: the page has gone or has closed it. Not every browser tells (`PeerServer` does not rely on it).
  port.addEventListener("close", () => void served.close());
  expose(served.remote, port);
  return served;
}

class ServedPeer implements ExposedPeer {
  readonly remote: RemotePeer & { [finalizer]: () => void };
  readonly closed: Promise<void>;
  readonly #port: MessagePort;
  readonly #peer: Promise<PeerApi>;
  readonly #options: ExposeOptions;
  readonly #calls = new Map<number, AbortController>();
  readonly #watches = new Map<number, Promise<Subscription>>();
  #closing: Promise<void> | null = null;
  #sayClosed: () => void = () => undefined;

  constructor(port: MessagePort, peer: Promise<PeerApi>, options: ExposeOptions) {
    this.#port = port;
    this.#options = options;
    this.#peer = peer;
    this.closed = new Promise((resolve) => (this.#sayClosed = resolve));
    // A failed start is told by every call; without a call it is the composition's to tell.
    this.#peer.catch(() => undefined);
    this.remote = {
      call: (call, method, args, cancellable) => this.#call(call, method, args, cancellable),
      cancel: (call) => this.#calls.get(call)?.abort(),
      watch: (id, name, params) => this.#watch(id, name, params),
      more: (id) => this.#told("more", this.#more(id)),
      unwatch: (id) => this.#told("unwatch", this.#unwatch(id)),
      beat: () => undefined,
      [finalizer]: () => void this.close(),
    };
  }

  tell(message: PeerMessage): void {
    this.#port.postMessage(message);
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
    this.#sayClosed();
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
        if (this.#watches.has(id)) this.tell({ kind: "update", watch: id, update: update as AnyUpdate });
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

  /** Reports what the page will only see as `INTERNAL`. */
  async #told<Value>(context: string, work: Promise<Value>): Promise<Value> {
    try {
      return await work;
    } catch (error) {
      if (this.#options.leaving()) return await new Promise<never>(() => undefined);
      if (describeError(error).code === "INTERNAL") this.#options.report(error, context);
      throw error;
    }
  }
}
