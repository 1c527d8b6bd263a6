import type { PeerApi } from "../peer/api.ts";

export type PeerState =
  /** The peer is on its way, to this tab or another; calls wait for it. */
  | { readonly kind: "starting" }
  /** `here`: in this tab; else this page is a view of the tab that runs it. Calls are the same either way. */
  | { readonly kind: "running"; readonly here: boolean }
  /**
   * It runs in another tab, and this browser has no way to reach it from here; calls reject with `PEER_ELSEWHERE`. It starts
   * here when that tab is closed.
   */
  | { readonly kind: "elsewhere" }
  /** It died or could not start; calls reject with this code. */
  | { readonly kind: "failed"; readonly code: string }
  | { readonly kind: "closed" };

/** The peer of this origin as one page sees it. */
export interface PeerHandle {
  /** Stays the same object for the life of the page. */
  readonly api: PeerApi;
  readonly state: PeerState;
  /** `listener` gets the present state at once, then every change. Returns what ends that. */
  onState(listener: (state: PeerState) => void): () => void;
  /**
   * Runs the peer in this tab: the tab that has it stops it cleanly, then it starts here.
   * @throws CallError with the code of the failure, `PEER_ELSEWHERE` when a third tab asked later, `PEER_CLOSED`, or
   * the signal's reason (then the asking ends; a peer that has been let go by then still comes)
   */
  takeOver(options?: { signal?: AbortSignal }): Promise<void>;
  /**
   * Starts the peer anew: after it failed, or in place of the one that runs in this tab. In a view it does nothing.
   * @throws CallError with the code of the failure, `PEER_ELSEWHERE`, `PEER_CLOSED`
   */
  restart(): Promise<void>;
  /** Stops the peer, or stops waiting for it. Final. */
  close(): Promise<void>;
}
