/** The page's way to its peer: tells every component whether it is there. */
import {
  type Accessor,
  createContext,
  createEffect,
  createMemo,
  createSignal,
  type JSX,
  on,
  onCleanup,
  untrack,
  useContext,
} from "solid-js";
import type { LockView, PeerApi } from "../../peer/api.ts";
import type { PeerHandle, PeerState } from "../../rpc/index.ts";
import { codeOf } from "./errors.ts";
import { createFarewell } from "./farewell.ts";
import { createLiveValue } from "./live.ts";

export interface Connection {
  readonly state: Accessor<PeerState>;
  /**
   * The peer, also while it starts (calls wait for it); `undefined` when it runs elsewhere, has failed, or its identity is
   * locked.
   */
  readonly api: Accessor<PeerApi | undefined>;
  /** The same, locked or not: for calls about identities and locks. */
  readonly origin: Accessor<PeerApi | undefined>;
  /** `undefined` until the peer has answered. */
  readonly lock: Accessor<LockView | undefined>;
  readonly locked: Accessor<boolean>;
  /** Everything was deleted, here or in another tab. */
  readonly gone: Accessor<boolean>;
  /** Ends the peer in all tabs, after everything was deleted. */
  leave(): Promise<void>;
  /** Starts over after a failure. */
  restart(): void;
  /** Takes the peer over from another tab. */
  takeOver(): void;
}

const ConnectionContext = createContext<Connection>();

export function useConnection(): Connection {
  const value = useContext(ConnectionContext);
  if (!value) throw new Error("useConnection outside of ConnectionProvider");
  return value;
}

export function ConnectionProvider(props: { peer: PeerHandle; children: JSX.Element }): JSX.Element {
  // The page has one peer for as long as it lives.
  const peer = untrack(() => props.peer);
  const [state, setState] = createSignal<PeerState>(peer.state);
  onCleanup(peer.onState(setState));
  const usable = createMemo(() => state().kind === "starting" || state().kind === "running");
  const origin = () => (usable() ? peer.api : undefined);
  const params = {};
  const lock = createLiveValue(origin, "lock", () => params);
  const locked = createMemo(() => lock.value()?.state === "locked");
  const [gone, setGone] = createSignal(false);
  const farewell = createFarewell(peer, () => setGone(true));
  onCleanup(() => farewell.stop());
  createEffect(
    on(lock.value, (now, before) => {
      // What was on screen is in this page's memory still: a new page has none of it.
      if (before !== undefined && before.state !== "locked" && now?.state === "locked") location.reload();
    }),
  );

  // The outcome of both shows in `state`; what is reported here is only why an attempt was given up.
  const report = (error: unknown) => console.warn("peer", codeOf(error));

  return (
    <ConnectionContext.Provider
      value={{
        state,
        api: () => (locked() ? undefined : origin()),
        origin,
        lock: lock.value,
        locked,
        gone,
        leave: () => farewell.say(),
        restart: () => void peer.restart().catch(report),
        takeOver: () => void peer.takeOver().catch(report),
      }}
    >
      {props.children}
    </ConnectionContext.Provider>
  );
}
