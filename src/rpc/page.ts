import { attachRtcHost } from "../mesh/rtc/host.ts";
import { CallError } from "./errors.ts";
import type { LockPort } from "./locks.ts";
import type { PeerOptions } from "./messages.ts";
import { PeerSession, type PeerHandle } from "./session.ts";

export type { PeerHandle, PeerState } from "./session.ts";
export type { PeerOptions } from "./messages.ts";

declare global {
  interface Window {
    /** The peer of this page, as docs/api.md describes it. */
    mehr: PeerHandle["api"];
  }
}

/** Name of the BroadcastChannel over which the tabs of one origin agree on who runs the peer. */
const TAB_CHANNEL = "mehr-peer";

/** Not a secure context: there is no peer, and the state says why. */
const NO_LOCKS: LockPort = {
  request: () =>
    Promise.reject(new CallError("INSECURE_CONTEXT", "browsers give what a peer needs to https and localhost only")),
};

const newWorker = (): Worker =>
  new Worker(new URL("../../workers/peer.ts", import.meta.url), { type: "module", name: "peer" });

/**
 * A worker that loads its code while the page still asks for the lock, which comes only when the page has drawn itself: on
 * two cores the peer is there 50-100 ms earlier (measured). It does nothing before its first message.
 */
class WorkerInAdvance {
  #worker: Worker | null = newWorker();

  constructor() {
    // The next one fails in the same way, where somebody listens.
    this.#worker?.addEventListener("error", () => (this.#worker = null), { once: true });
  }

  take(): Worker {
    const worker = this.#worker ?? newWorker();
    this.#worker = null;
    return worker;
  }

  /** The peer runs elsewhere. */
  drop(): void {
    this.#worker?.terminate();
    this.#worker = null;
  }
}

/**
 * Opens the peer of this origin: runs it in a worker of this page, or waits while another tab runs it. Returns at
 * once; calls of `api` wait until the peer is there. The same `api` is `window.mehr`.
 */
export function openPeer(options: PeerOptions): PeerHandle {
  const inAdvance = new WorkerInAdvance();
  const session = new PeerSession(
    {
      locks: "locks" in navigator ? navigator.locks : NO_LOCKS,
      tabs: new BroadcastChannel(TAB_CHANNEL),
      spawn: () => inAdvance.take(),
      attachRtc: attachRtcHost,
      after: (ms, task) => {
        const timer = setTimeout(task, ms);
        return () => clearTimeout(timer);
      },
      // Not the function itself: it refuses to be called as a method of these ports.
      report: (error) => reportError(error),
    },
    options,
  );
  session.onState(({ kind }) => {
    if (kind === "elsewhere" || kind === "failed") inAdvance.drop();
  });
  window.mehr = session.api;
  return session;
}
