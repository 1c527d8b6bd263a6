/** The peer worker: opens the store, starts the peer on it, serves its API to the page, and joins the mesh. */
import { HashClient, initHash } from "../src/hash/index.ts";
import type { MeshLog } from "../src/mesh/options.ts";
import { systemClock } from "../src/mesh/protocols/clock.ts";
import { installRtc } from "../src/mesh/rtc/shim.ts";
import {
  LogRing,
  meshReports,
  reachOf,
  startPeer,
  type Peer,
  type PeerApi,
  type PeerPorts,
} from "../src/peer/index.ts";
import { exposePeer } from "../src/rpc/expose.ts";
import { describeError } from "../src/rpc/errors.ts";
import type { FromPeerWorker, StartMessage, ToPeerWorker } from "../src/rpc/messages.ts";
import { openIdbStore, type Store } from "../src/store/index.ts";

const DATABASE = "mehr";

/**
 * Loading the network keeps this thread busy for 100-200 ms (measured, two cores); the first page of a feed, asked for as
 * soon as the peer has started, would be answered only after that.
 */
const FIRST_SCREEN = 200;

const randomBytes = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
const ring = new LogRing({ now: systemClock.now });
const log = (context: string, error: unknown): void => console.warn(context, error);
const say = (message: FromPeerWorker): void => self.postMessage(message);
const onFault = (fault: unknown): void => {
  ring.add("store_failed", { error: fault });
  log("store", fault);
};
const openStore = (): Promise<Store> => openIdbStore({ name: DATABASE, now: systemClock.now, randomBytes, onFault });

let peer: Promise<Peer> | null = null;

async function start({ options, rtc }: StartMessage): Promise<Peer> {
  const bridge = installRtc(rtc, { mode: "auto" });
  const began = systemClock.now();
  const [store] = await Promise.all([openStore(), initHash()]);
  ring.add("store_opened", { took: systemClock.now() - began, envelopes: store.envelopes.size });
  void store.closed.then((reason) => {
    ring.add("store_closed", { reason });
    // Every call would fail from now on: the page learns once, and can start the peer anew.
    if (reason !== "closed") say({ kind: "failed", code: "STORE_CLOSED", message: `the storage was ${reason}` });
  });
  const createMesh: PeerPorts["createMesh"] = async (seed, settings, memory) => {
    const [mesh, reach] = await Promise.all([
      // After `installRtc`: @libp2p/webrtc looks for RTCPeerConnection when it is loaded.
      import("../src/mesh/index.ts"),
      reachOf(options.site, settings, (...request) => fetch(...request)),
    ]);
    const note = meshReports(ring);
    const meshLog: MeshLog = (level, event, detail) => {
      note(level, event, detail);
      console[level](event, detail ?? "");
    };
    return await mesh.createMesh({ ...reach, seed, rtc: bridge, random: Math.random, memory, log: meshLog });
  };
  const renewStore = async (): Promise<Store> => {
    const old = await openStore();
    await old.destroy();
    return await openStore();
  };
  const estimates = "storage" in navigator ? navigator.storage : null;
  const hashing = new HashClient(new Worker(new URL("./hash.ts", import.meta.url), { type: "module", name: "hash" }));
  const platform = { clock: systemClock, random: Math.random, randomBytes, estimates, hashing, log, ring };
  return await startPeer({ ...platform, store, createMesh, firstScreen: FIRST_SCREEN, renewStore });
}

async function stop(): Promise<void> {
  try {
    await (await peer)?.stop();
  } catch (error) {
    // A peer that never started has nothing to stop; why it did not is told by `failed`.
    log("stop", error);
  }
  say({ kind: "stopped" });
}

self.addEventListener("message", ({ data }: MessageEvent<ToPeerWorker>) => {
  if (data.kind === "stop") {
    void stop();
    return;
  }
  // `exposePeer` calls this once no other worker of this origin lives, so two never write one store.
  const begin = async (): Promise<PeerApi> => {
    try {
      peer = start(data);
      const { api } = await peer;
      say({ kind: "ready" });
      return api;
    } catch (error) {
      const { code, message } = describeError(error);
      say({ kind: "failed", code, message });
      throw error;
    }
  };
  exposePeer(data.api, begin, {
    locks: navigator.locks,
    report(error, call) {
      ring.add("call_broken", { call, error });
      log(call, error);
    },
  });
});
