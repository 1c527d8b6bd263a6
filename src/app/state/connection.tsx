/** The page's way to its peer: tells every component whether it is there. */
import {
  type Accessor,
  createContext,
  createMemo,
  createSignal,
  type JSX,
  onCleanup,
  untrack,
  useContext,
} from "solid-js";
import type { PeerApi } from "../../peer/api.ts";
import type { PeerHandle, PeerState } from "../../rpc/index.ts";
import { codeOf } from "./errors.ts";

export interface Connection {
  readonly state: Accessor<PeerState>;
  /** The peer, also while it starts (calls wait for it); `undefined` when it runs elsewhere or has failed. */
  readonly api: Accessor<PeerApi | undefined>;
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

  // The outcome of both shows in `state`; what is reported here is only why an attempt was given up.
  const report = (error: unknown) => console.warn("peer", codeOf(error));

  return (
    <ConnectionContext.Provider
      value={{
        state,
        api: () => (usable() ? peer.api : undefined),
        restart: () => void peer.restart().catch(report),
        takeOver: () => void peer.takeOver().catch(report),
      }}
    >
      {props.children}
    </ConnectionContext.Provider>
  );
}
