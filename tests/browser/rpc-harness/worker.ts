/** A worker as workers/peer.ts is one, around a peer whose answers are written here. */
import { exposePeer } from "../../../src/rpc/expose.ts";
import type { FromPeerWorker, ToPeerWorker } from "../../../src/rpc/messages.ts";
import { ScriptedPeer } from "../../rpc/scripted-peer.ts";

const say = (message: FromPeerWorker): void => self.postMessage(message);

self.addEventListener("message", ({ data }: MessageEvent<ToPeerWorker>) => {
  if (data.kind === "stop") return say({ kind: "stopped" });
  const peer = new ScriptedPeer();
  /** Never answers. */
  peer.answers.set("words", () => new Promise(() => undefined));
  /** Never lets go of the worker's thread. */
  peer.answers.set("reconnect", () => {
    for (;;);
  });
  peer.onWatch = ({ deliver }) => deliver({ kind: "value", value: { state: "online", peers: 1, waiting: 0 } });
  const start = async () => {
    say({ kind: "ready" });
    return peer.api;
  };
  exposePeer(data.api, start, { locks: navigator.locks, report: (error) => console.error(error) });
});
