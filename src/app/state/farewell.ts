/** After everything was deleted: no tab starts a peer again, which would store a new identity, before somebody wants one. */
import { PEER_LOCK, type PeerHandle } from "../../rpc/index.ts";

const CHANNEL = "mehr-farewell";
/** Tabs that do not answer by then sleep; what they would store when they wake, they are told then. */
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
    await peer.close();
    await clearPage();
    onGone();
  }
  channel.addEventListener("message", () => {
    ended ??= othersHaveLeft().then(end);
    ended.catch(reportError);
  });
  return {
    async say() {
      channel.postMessage("deleted");
      ended ??= othersHaveLeft().then(end);
      await ended;
    },
    stop: () => channel.close(),
  };
}

/** Whoever waits in line for the peer would start one when this tab lets go of it. */
async function othersHaveLeft(): Promise<void> {
  for (let waited = 0; waited < PATIENCE; waited += STEP) {
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
