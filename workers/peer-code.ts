/** The code of the peer worker: opens the store, starts the peer on it, serves its API to the page, and joins the mesh. */
import { HashClient, initHash } from "../src/hash/index.ts";
import { isMetered } from "../src/mesh/metered.ts";
import type { MeshLog } from "../src/mesh/options.ts";
import { systemClock } from "../src/mesh/protocols/clock.ts";
import { installRtc } from "../src/mesh/rtc/shim.ts";
import {
  idbDatabases,
  idbRegistry,
  LogRing,
  meshReports,
  printable,
  reachOf,
  startOrigin,
  stretchInWorker,
  type OriginPeer,
  type PeerPorts,
} from "../src/peer/index.ts";
import type { StartMessage, ToPeerWorker } from "../src/rpc/messages.ts";
import { PeerWorker } from "../src/rpc/worker.ts";
import type { Store } from "../src/store/index.ts";

/**
 * Loading the network keeps this thread busy for 100-200 ms (measured, two cores); the first page of a feed, asked for as
 * soon as the peer has started, would be answered only after that.
 */
const FIRST_SCREEN = 200;

const randomBytes = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
const ring = new LogRing({ now: systemClock.now });
const log = (context: string, error: unknown): void => console.warn(context, printable(error));
const onFault = (fault: unknown): void => {
  ring.add("store_failed", { error: fault });
  log("store", fault);
};
const watchOver = (store: Store): void => {
  ring.add("store_opened", { envelopes: store.envelopes.size });
  void store.closed.then((reason) => {
    ring.add("store_closed", { reason });
    if (reason !== "closed") worker.storeClosed(reason);
  });
};

const metered = (): boolean => isMetered(navigator);

async function start({ options, remembered, rtc }: StartMessage): Promise<OriginPeer> {
  const bridge = installRtc(rtc, { mode: "auto" });
  const createMesh: PeerPorts["createMesh"] = async (seed, settings, memory) => {
    const [mesh, reach] = await Promise.all([
      // After `installRtc`: @libp2p/webrtc looks for RTCPeerConnection when it is loaded.
      import("../src/mesh/index.ts"),
      reachOf(options.site, settings, (...request) => fetch(...request)),
    ]);
    const note = meshReports(ring);
    const meshLog: MeshLog = (level, event, detail) => {
      note(level, event, detail);
      console[level](event, printable(detail) ?? "");
    };
    const { introduce } = settings;
    const own = { introduce, metered, memory, log: meshLog };
    return await mesh.createMesh({ ...reach, ...own, seed, rtc: bridge, random: Math.random });
  };
  const estimates = "storage" in navigator ? navigator.storage : null;
  const hashing = new HashClient(
    () => new Worker(new URL("./hash.ts", import.meta.url), { type: "module", name: "hash" }),
  );
  const platform = { metered, clock: systemClock, random: Math.random, randomBytes, estimates, hashing, log, ring };
  const databases = idbDatabases({ now: systemClock.now, randomBytes, onFault, onOpened: watchOver });
  const stretch = stretchInWorker(
    () => new Worker(new URL("./stretch.ts", import.meta.url), { type: "module", name: "stretch" }),
  );
  const opened = startOrigin({
    ...platform,
    createMesh,
    firstScreen: FIRST_SCREEN,
    stretch,
    databases,
    registry: idbRegistry(),
    remembered,
    remember: (value) => worker.remember(value),
    restart: () => worker.restart(),
    clearCaches,
  });
  const [origin] = await Promise.all([opened, initHash()]);
  return origin;
}

/** What the service worker and the page keep of the app and of what was shared with it. */
async function clearCaches(): Promise<void> {
  await Promise.all((await caches.keys()).map((name) => caches.delete(name)));
}

const worker = new PeerWorker({
  start,
  report(error, call) {
    ring.add("call_broken", { call, error });
    log(call, error);
  },
});

/** What the page says to its worker, in the order in which it says it. */
export const receive = (message: ToPeerWorker): void => worker.receive(message);
