import type { LiveName, LiveQueries, LiveUpdate, PeerApi, Subscription } from "../peer/api.ts";
import { signalOf, type PeerConnection } from "./connect.ts";
import { codeOf, type CallError } from "./errors.ts";
import { isRepeatable, peerApi, type AnyCall, type CallName } from "./methods.ts";

interface OpenWatch {
  readonly subscription: Subscription;
  readonly connection: PeerConnection;
}

interface Watch {
  /** Opens it on a new connection. */
  readonly open: (connection: PeerConnection) => Promise<void>;
  /** Whoever asked for it has it; until then they are told themselves when it cannot be opened. */
  standing: boolean;
}

interface Waiting {
  readonly resolve: (connection: PeerConnection) => void;
  readonly reject: (reason: unknown) => void;
}

/** What a query that is opened anew may be refused with while its peer goes. */
const PASSING: ReadonlySet<string | null> = new Set(["LOCKED", "LIVE_CLOSED"]);

/**
 * A PeerApi that stays the same while the connection behind it is replaced: the page and `window.mehr` keep one object
 * over restarts and over moves of the peer from tab to tab. Calls made while a peer is on its way wait for it. Calls that were
 * under way when a connection ended are made again on the next one if that does no harm (methods.ts says which), else they
 * reject. Live queries that were open are opened again and begin with all rows; listeners notice nothing but that.
 */
export class PeerLink {
  readonly api: PeerApi;
  readonly #report: (error: unknown) => void;
  readonly #watches = new Set<Watch>();
  readonly #waiting = new Set<Waiting>();
  #connection: PeerConnection | null = null;
  /** Why there is no connection and none is on its way; `null` while calls wait. */
  #refusal: CallError | null = null;

  constructor(report: (error: unknown) => void) {
    this.#report = report;
    this.api = peerApi(
      (name, params, listener) => this.#watch(name, params, listener),
      (name, args) => this.#call(name, args),
    );
  }

  /** Whether somebody waits for an answer. */
  get busy(): boolean {
    return this.#waiting.size > 0 || (this.#connection?.pending ?? 0) > 0;
  }

  /** From now on calls go over this connection, those first that wait. */
  attach(connection: PeerConnection): void {
    this.#connection = connection;
    this.#refusal = null;
    for (const { resolve } of this.#takeWaiting()) resolve(connection);
    for (const watch of this.#watches) {
      watch.open(connection).catch((error: unknown) => {
        // A connection that ends meanwhile is told by the state; the watch stays for the next one.
        // One that is locked meanwhile is for whoever watches the lock to close; a peer that ends while the query is being
        // opened (some load what they need first) is followed by another connection.
        if (!watch.standing || error === connection.reason || PASSING.has(codeOf(error))) return;
        this.#report(error);
      });
    }
  }

  /** No connection and none on its way: calls reject with this. */
  refuse(reason: CallError): void {
    this.#connection = null;
    this.#refusal = reason;
    for (const { reject } of this.#takeWaiting()) reject(reason);
  }

  /** A peer is on its way: calls wait for it. */
  expect(): void {
    this.#connection = null;
    this.#refusal = null;
  }

  #takeWaiting(): Waiting[] {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    return waiting;
  }

  /** A connection that has not ended, now or when there is one. */
  #connected(signal: AbortSignal | null = null): Promise<PeerConnection> {
    if (this.#connection !== null && this.#connection.reason === null) return Promise.resolve(this.#connection);
    if (this.#refusal !== null) return Promise.reject(this.#refusal);
    if (signal?.aborted === true) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        resolve(connection) {
          signal?.removeEventListener("abort", onAbort);
          resolve(connection);
        },
        reject(reason) {
          signal?.removeEventListener("abort", onAbort);
          reject(reason);
        },
      };
      const onAbort = (): void => {
        this.#waiting.delete(waiting);
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#waiting.add(waiting);
    });
  }

  async #call(name: CallName, args: readonly unknown[]): Promise<unknown> {
    return await this.#perform(signalOf(args.at(-1)), isRepeatable(name), (connection) => {
      const call = connection.api[name] as AnyCall;
      return call(...args);
    });
  }

  /** Does `work` on a connection, and where it may be repeated again on the next one for as long as connections end under it. */
  async #perform<Value>(
    signal: AbortSignal | null,
    repeatable: boolean,
    work: (connection: PeerConnection) => Promise<Value>,
  ): Promise<Value> {
    for (;;) {
      const connection = await this.#connected(signal);
      try {
        return await work(connection);
      } catch (error) {
        if (!repeatable || error !== connection.reason) throw error;
      }
    }
  }

  async #watch<Name extends LiveName>(
    name: Name,
    params: LiveQueries[Name]["params"],
    listener: (update: LiveUpdate<Name>) => void,
  ): Promise<Subscription> {
    let opening: { readonly on: PeerConnection; readonly done: Promise<OpenWatch> } | null = null;
    let closed = false;
    let grown = 0;
    const begin = async (connection: PeerConnection): Promise<OpenWatch> => {
      const subscription = await connection.api.watch(name, params, (update) => {
        if (!closed && this.#connection === connection) listener(update);
      });
      if (closed) await subscription.close();
      else for (let page = 0; page < grown; page++) await subscription.more();
      return { subscription, connection };
    };
    /** Once for each connection, whoever asks first. */
    const opened = (connection: PeerConnection): Promise<OpenWatch> => {
      if (opening?.on !== connection) opening = { on: connection, done: begin(connection) };
      return opening.done;
    };
    const watch: Watch = { open: async (connection) => void (await opened(connection)), standing: false };
    this.#watches.add(watch);
    try {
      await this.#perform(null, true, opened);
      watch.standing = true;
    } catch (error) {
      this.#watches.delete(watch);
      throw error;
    }
    return {
      more: () =>
        this.#perform(null, true, async (connection) => {
          const { subscription } = await opened(connection);
          await subscription.more();
          grown++;
        }),
      close: async () => {
        closed = true;
        this.#watches.delete(watch);
        const connection = this.#connection;
        if (connection === null || opening?.on !== connection) return;
        const { subscription } = await opening.done;
        await subscription.close();
      },
    };
  }
}
