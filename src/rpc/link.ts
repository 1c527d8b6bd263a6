import type { LiveName, LiveQueries, LiveUpdate, PeerApi, Subscription } from "../peer/api.ts";
import type { PeerConnection } from "./connect.ts";
import { CallError } from "./errors.ts";
import { peerApi, type AnyCall, type CallName } from "./methods.ts";

interface Watch {
  /** Opens it on a new connection. */
  readonly open: (connection: PeerConnection) => Promise<void>;
}

/**
 * A PeerApi that stays the same while the connection behind it is replaced: the page and `window.mehr` keep one object
 * over restarts. Calls made while a peer is on its way wait for it. Live queries that were open are opened again on
 * the next connection and begin with all rows; listeners notice nothing but that.
 */
export class PeerLink {
  readonly api: PeerApi;
  readonly #report: (error: unknown) => void;
  readonly #watches = new Set<Watch>();
  #connection: PeerConnection | null = null;
  /** Why there is no connection and none is on its way; `null` while calls wait. */
  #refusal: CallError | null = null;
  #waiting: { resolve: (connection: PeerConnection) => void; reject: (reason: CallError) => void }[] = [];

  constructor(report: (error: unknown) => void) {
    this.#report = report;
    this.api = peerApi(
      (name, params, listener) => this.#watch(name, params, listener),
      (name, args) => this.#call(name, args),
    );
  }

  /** From now on calls go over this connection, those first that wait. */
  attach(connection: PeerConnection): void {
    this.#connection = connection;
    this.#refusal = null;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { resolve } of waiting) resolve(connection);
    for (const watch of this.#watches) {
      watch.open(connection).catch((error: unknown) => {
        // A connection that ends meanwhile is told by the state; the watch stays for the next one.
        if (this.#connection === connection) this.#report(error);
      });
    }
  }

  /** No connection and none on its way: calls reject with this. */
  refuse(reason: CallError): void {
    this.#connection = null;
    this.#refusal = reason;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { reject } of waiting) reject(reason);
  }

  /** A peer is on its way: calls wait for it. */
  expect(): void {
    this.#connection = null;
    this.#refusal = null;
  }

  #connected(): Promise<PeerConnection> {
    if (this.#connection !== null) return Promise.resolve(this.#connection);
    if (this.#refusal !== null) return Promise.reject(this.#refusal);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  async #call(name: CallName, args: readonly unknown[]): Promise<unknown> {
    const connection = await this.#connected();
    const call = connection.api[name] as AnyCall;
    return call(...args);
  }

  async #watch<Name extends LiveName>(
    name: Name,
    params: LiveQueries[Name]["params"],
    listener: (update: LiveUpdate<Name>) => void,
  ): Promise<Subscription> {
    let current: { subscription: Subscription; connection: PeerConnection } | null = null;
    let closed = false;
    let grown = 0;
    const open = async (connection: PeerConnection): Promise<void> => {
      const subscription = await connection.api.watch(name, params, (update) => {
        if (!closed && this.#connection === connection) listener(update);
      });
      if (closed) return subscription.close();
      current = { subscription, connection };
      for (let page = 0; page < grown; page++) await subscription.more();
    };
    const first = await this.#connected();
    const watch: Watch = { open };
    this.#watches.add(watch);
    try {
      await open(first);
    } catch (error) {
      this.#watches.delete(watch);
      throw error;
    }
    return {
      more: async () => {
        const connection = await this.#connected();
        if (current?.connection !== connection)
          throw new CallError("PEER_GONE", "the live query is being opened again");
        await current.subscription.more();
        grown++;
      },
      close: async () => {
        closed = true;
        this.#watches.delete(watch);
        if (current !== null && current.connection === this.#connection) await current.subscription.close();
      },
    };
  }
}
