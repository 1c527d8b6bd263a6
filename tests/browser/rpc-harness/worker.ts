/** A worker as workers/peer.ts is one, around a peer whose answers are written here. */
import type { FromPeerWorker, StartMessage, ToPeerWorker } from "../../../src/rpc/messages.ts";
import { PeerServer } from "../../../src/rpc/serve.ts";
import { ScriptedPeer } from "../../rpc/scripted-peer.ts";

const say = (message: FromPeerWorker): void => self.postMessage(message);

let server: PeerServer | null = null;

function serve(message: StartMessage): PeerServer {
  const peer = new ScriptedPeer();
  /** Never answers. */
  peer.answers.set("words", () => new Promise(() => undefined));
  /** The same, and not to be made again. */
  peer.answers.set("createIdentity", () => new Promise(() => undefined));
  /** Never lets go of the worker's thread. */
  peer.answers.set("deleteEverything", () => {
    for (;;);
  });
  /** What the run before had the pages remember. */
  peer.answers.set("normaliseScope", () => message.remembered);
  /** Has the pages remember a key that cannot be exported, and asks for the next run. */
  peer.answers.set("lock", async () => {
    const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    serving.remember(key);
    say({ kind: "restart" });
  });
  peer.onWatch = ({ deliver }) =>
    deliver({ kind: "value", value: { state: "online", peers: 1, waiting: 0, twin: false } });
  const serving = new PeerServer(async () => peer.api, {
    locks: navigator.locks,
    name: crypto.randomUUID(),
    after(ms, task) {
      const timer = setTimeout(task, ms);
      return () => clearTimeout(timer);
    },
    robbed: () => self.close(),
    report: (error) => console.error(error),
  });
  serving.connect(message.api, null);
  return serving;
}

self.addEventListener("message", ({ data }: MessageEvent<ToPeerWorker>) => {
  if (data.kind === "start") server = serve(data);
  else if (data.kind === "connect") server?.connect(data.api, data.page);
  else say({ kind: "stopped" });
});
