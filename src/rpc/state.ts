import type { PeerApi } from "../peer/api.ts";
import { CallError } from "./errors.ts";

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
  /**
   * Resolves when the browser has said whether the peer is to run in this tab, and it has then been told to start. The browser
   * says so within some milliseconds, but a page that draws itself meanwhile hears of it when it has.
   */
  readonly asked: Promise<void>;
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

export const isHere = (state: PeerState): boolean => state.kind === "running" && state.here;
export const isFinal = (state: PeerState): boolean => state.kind === "failed" || state.kind === "closed";

/** Waits for a state that is `settled`; rejects when it is another than `running`, or with the signal's reason. */
export function until(
  handle: Pick<PeerHandle, "state" | "onState">,
  settled: (state: PeerState) => boolean,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason);
    let stop = (): void => undefined;
    const abort = (): void => {
      stop();
      reject(signal?.reason);
    };
    const check = (state: PeerState): void => {
      if (!settled(state)) return;
      stop();
      signal?.removeEventListener("abort", abort);
      if (state.kind === "running") resolve();
      else reject(endOf(state));
    };
    signal?.addEventListener("abort", abort, { once: true });
    stop = handle.onState(check);
    if (settled(handle.state)) stop();
  });
}

function endOf(state: PeerState): CallError {
  if (state.kind === "failed") return new CallError(state.code, "the peer could not start");
  if (state.kind === "elsewhere") return new CallError("PEER_ELSEWHERE", "the peer runs in another tab");
  return new CallError("PEER_CLOSED", "the page has closed its peer");
}
