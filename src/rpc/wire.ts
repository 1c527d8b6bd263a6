import type { LiveName, LiveQueries, LiveUpdate } from "../peer/api.ts";

/**
 * What goes over the port between a page and the peer. Everything uses the one port, so everything arrives in the order in
 * which it was sent: a list's rows are there before the `more()` that asked for them resolves.
 */
export interface RemotePeer {
  /**
   * `call` is chosen by the page, to name the call in `cancel`. `cancellable`: the last argument is an options object
   * whose `signal`, which cannot be copied, is to be put in again.
   */
  call(call: number, method: string, args: readonly unknown[], cancellable: boolean): Promise<unknown>;
  cancel(call: number): void;
  /** `id` is chosen by the page and names the subscription in what follows. */
  watch<Name extends LiveName>(id: number, name: Name, params: LiveQueries[Name]["params"]): Promise<void>;
  more(id: number): Promise<void>;
  unwatch(id: number): Promise<void>;
  /** Answers at once whenever the worker's thread is free, also while the peer still starts. */
  beat(): void;
}

/**
 * The Web Lock that the one worker of this origin that runs a peer holds until it dies, however it dies. The next worker
 * waits for it, so that two do not run a peer at once.
 */
export const LIFE_LOCK = "mehr-peer-life";

/** An update of some live query. */
export type AnyUpdate = { [Name in LiveName]: LiveUpdate<Name> }[LiveName];

/** Sent by the peer's side beside comlink's messages, which all have an `id`. */
export type PeerMessage =
  /**
   * The worker runs, and holds the lock of this name, its own, for as long as it does. (Not {@link LIFE_LOCK}: a page
   * that waits in line for that one and is frozen would keep the next worker from it.)
   */
  | { readonly kind: "alive"; readonly lock: string }
  /** The peer has started: storage is open, what is stored can be read. */
  | { readonly kind: "ready" }
  /** To be kept in memory and given to the next run of the peer, in whichever tab (`StartMessage.remembered`). */
  | { readonly kind: "remember"; readonly value: unknown }
  | { readonly kind: "update"; readonly watch: number; readonly update: AnyUpdate };

export function isPeerMessage(data: unknown): data is PeerMessage {
  return typeof data === "object" && data !== null && "kind" in data && !("id" in data);
}
