import { attachRtcHost } from "../mesh/rtc/host.ts";
import { createBroker, deskOfBrowser } from "./broker.ts";
import { CallError } from "./errors.ts";
import type { LockPort } from "./locks.ts";
import type { PeerOptions } from "./messages.ts";
import { PeerSession, type SessionPorts } from "./session.ts";
import type { PeerHandle } from "./state.ts";
import type { PageLife } from "./tabs.ts";

export type { PeerHandle, PeerState } from "./state.ts";
export type { PeerOptions } from "./messages.ts";

declare global {
  interface Window {
    /** The peer of this page, as docs/api.md describes it. */
    mehr: PeerHandle["api"];
  }
}

/** Name of the BroadcastChannel over which the tabs of one origin agree on who runs the peer. */
const TAB_CHANNEL = "mehr-peer";

/**
 * Name of the one over which they tell of ports that wait. With the build in it, so that no page becomes a view of a peer of
 * another version: it says that the app is open elsewhere, and offers to take over.
 */
function ticketChannel(): string {
  const build = document.querySelector<HTMLMetaElement>('meta[name="mehr-build"]')?.content ?? "";
  return `mehr-ports-${build}`;
}

/** Not a secure context: there is no peer, and the state says why. */
const NO_LOCKS: LockPort = {
  request: () =>
    Promise.reject(new CallError("INSECURE_CONTEXT", "browsers give what a peer needs to https and localhost only")),
};

const pageLife: PageLife = {
  visible: () => document.visibilityState === "visible",
  on(event, listener) {
    const type = event === "visible" ? "visibilitychange" : event;
    const told = (): void => {
      if (event !== "visible" || pageLife.visible()) listener();
    };
    document.addEventListener(type, told);
    return () => document.removeEventListener(type, told);
  },
};

function after(ms: number, task: () => void): () => void {
  const timer = setTimeout(task, ms);
  return () => clearTimeout(timer);
}

/** Not a UUID: browsers give those to secure contexts only, and others are to be told so. */
const newName = (): string => crypto.getRandomValues(new Uint32Array(4)).join("-");

const newWorker = (): Worker =>
  new Worker(new URL("../../workers/peer.ts", import.meta.url), { type: "module", name: "peer" });

/**
 * At the first visit the worker would ask for its code only when it has begun, a round trip later. Asked for by the page it is on its
 * way by then, and what comes lies in the cache of the browser. With a service worker all of it is here.
 */
function fetchPeerCode(): void {
  const code = document.querySelector<HTMLMetaElement>('meta[name="mehr-peer-code"]')?.content;
  // The server for development has no such file.
  if (code === undefined || navigator.serviceWorker?.controller) return;
  fetch(new URL(code, document.baseURI))
    .then((response) => response.blob())
    // What does not come is told by the worker, for which it does not come either.
    .catch(() => undefined);
}

/**
 * A worker that loads its code while the page still asks for the lock, which comes only when the page has drawn itself: on
 * two cores the peer is there 50-100 ms earlier (measured). It does nothing before its first message.
 */
class WorkerInAdvance {
  #worker: Worker | null = newWorker();

  constructor() {
    fetchPeerCode();
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

/** What a page has of its browser for a session, but for the worker that runs the peer. */
export function portsOfBrowser(spawn: SessionPorts["spawn"]): SessionPorts {
  // Not the function itself: it refuses to be called as a method of these ports.
  const report = (error: unknown): void => reportError(error);
  return {
    locks: "locks" in navigator ? navigator.locks : NO_LOCKS,
    tabs: new BroadcastChannel(TAB_CHANNEL),
    spawn,
    attachRtc: attachRtcHost,
    after,
    report,
    broker: createBroker({
      desk: deskOfBrowser(),
      tickets: new BroadcastChannel(ticketChannel()),
      newTicket: newName,
      after,
      report,
    }),
    life: pageLife,
    now: () => Date.now(),
    name: newName(),
  };
}

/**
 * Opens the peer of this origin: runs it in a worker of this page, or is a view of it while another tab runs it. Returns at
 * once; calls of `api` wait until the peer is there. The same `api` is `window.mehr`.
 */
export function openPeer(options: PeerOptions): PeerHandle {
  const inAdvance = new WorkerInAdvance();
  const session = new PeerSession(
    portsOfBrowser(() => inAdvance.take()),
    options,
  );
  session.onState((state) => {
    if (state.kind !== "starting") inAdvance.drop();
  });
  window.mehr = session.api;
  return session;
}
