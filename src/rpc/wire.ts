import type { LiveName, LiveQueries, LiveUpdate } from "../peer/api.ts";

/**
 * What goes over the port between page and peer. Everything uses the one port, so everything arrives in the order in
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
}

/** The Web Lock that the one worker of this origin that runs a peer holds until it dies, however it dies. */
export const LIFE_LOCK = "mehr-peer-life";

/** An update of some live query. */
export type AnyUpdate = { [Name in LiveName]: LiveUpdate<Name> }[LiveName];

/** Sent by the peer's side beside comlink's messages, which all have an `id`. */
export type PeerMessage =
  /** The peer's worker runs and holds {@link LIFE_LOCK} for as long as it does. */
  { readonly kind: "alive" } | { readonly kind: "update"; readonly watch: number; readonly update: AnyUpdate };

export function isPeerMessage(data: unknown): data is PeerMessage {
  return typeof data === "object" && data !== null && "kind" in data && !("id" in data);
}
