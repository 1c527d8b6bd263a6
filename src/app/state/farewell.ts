/** After everything was deleted: no tab starts a peer again, which would store a new identity, before somebody wants one. */
import { PEER_LOCK, type PeerHandle } from "../../rpc/index.ts";

const CHANNEL = "mehr-farewell";
/** Milliseconds. Tabs that have not left by then sleep; what they would store when they wake, they are told then. */
const PATIENCE = 2_000;
const STEP = 20;

export interface Farewell {
  /** Everything is deleted: tells the other tabs, and ends this one's part. */
  say(): Promise<void>;
  stop(): void;
}

/** @param onGone this tab has nothing left to show; told once */
export function createFarewell(peer: PeerHandle, onGone: () => void): Farewell {
  const channel = new BroadcastChannel(CHANNEL);
  let ended: Promise<void> | null = null;

  async function end(): Promise<void> {
    // A tab that stands in line for the peer leaves at once: the one that runs it waits for that.
    if (peer.state.kind === "running" && peer.state.here) await othersHaveLeft();
    await peer.close();
    await clearPage();
    onGone();
  }
  channel.addEventListener("message", () => {
    ended ??= end();
    ended.catch(reportError);
  });
  return {
    async say() {
      channel.postMessage("deleted");
      ended ??= end();
      await ended;
    },
    stop: () => channel.close(),
  };
}

/** Whoever waits in line for the peer would start one when this tab lets go of it. */
async function othersHaveLeft(): Promise<void> {
  // By the clock: the timers of a hidden tab come once in a second.
  const until = performance.now() + PATIENCE;
  while (performance.now() < until) {
    const { pending = [] } = await navigator.locks.query();
    if (!pending.some(({ name }) => name === PEER_LOCK)) return;
    await new Promise((resolve) => setTimeout(resolve, STEP));
  }
}

/** What lies outside of the peer's reach. */
async function clearPage(): Promise<void> {
  localStorage.clear();
  sessionStorage.clear();
  const registrations = (await navigator.serviceWorker?.getRegistrations()) ?? [];
  await Promise.all(registrations.map((registration) => registration.unregister()));
  // The service worker may have kept something more on its way out.
  await Promise.all((await caches.keys()).map((name) => caches.delete(name)));
}
