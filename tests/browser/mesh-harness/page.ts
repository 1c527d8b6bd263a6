/** The window's side of the harness: any number of peers in one page, each in its own worker. */
import { attachRtcHost, type RtcHost } from "../../../src/mesh/rtc/host.ts";
import type { PeerCall, PeerConfig } from "./calls.ts";

interface Peer {
  readonly worker: Worker;
  readonly host: RtcHost;
  call(call: PeerCall): Promise<unknown>;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

const peers: Peer[] = [];

async function spawn(config: PeerConfig): Promise<number> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  const rtc = new MessageChannel();
  const calls = new MessageChannel();
  const waiting = new Map<number, Waiting>();
  const host = attachRtcHost(rtc.port1, { onError: (error) => console.error("bridge", error) });
  const ready = new Promise((resolve, reject) => {
    waiting.set(0, { resolve, reject });
    worker.addEventListener("error", (event) => reject(new Error(event.message)));
  });
  calls.port1.addEventListener("message", ({ data }: MessageEvent<{ id: number; value?: unknown; error?: string }>) => {
    const call = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.error === undefined) {
      call?.resolve(data.value);
    } else {
      call?.reject(new Error(data.error));
    }
  });
  calls.port1.start();
  worker.postMessage({ config, rtcPort: rtc.port2, callPort: calls.port2 }, [rtc.port2, calls.port2]);
  await ready;
  let ids = 0;
  const peer: Peer = {
    worker,
    host,
    call: (call) =>
      new Promise((resolve, reject) => {
        ids += 1;
        waiting.set(ids, { resolve, reject });
        calls.port1.postMessage({ id: ids, call });
      }),
  };
  return peers.push(peer) - 1;
}

function peerAt(index: number): Peer {
  const peer = peers[index];
  if (peer === undefined) {
    throw new Error(`There is no peer ${index}.`);
  }
  return peer;
}

const harness = {
  spawn,
  call: (index: number, call: PeerCall) => peerAt(index).call(call),
  /** Connections that the window holds for this peer. */
  connections: (index: number) => peerAt(index).host.connections(),
  terminate: (index: number) => peerAt(index).worker.terminate(),
};

export type Harness = typeof harness;

Object.assign(window, { harness });
document.title = "ready";
