/** A modified peer in a browser's worker: the mesh's own links, and above them the attacks that are run in Node, too. */
import { installRtc } from "../../../src/mesh/rtc/shim.ts";
import { initHash } from "../../../src/hash/index.ts";
import type { Attacker } from "../../hostile/attacker.ts";
import type { FromAttacker, ToAttacker } from "../../hostile/messages.ts";

let attacker: Attacker | null = null;
let onRead: () => void = () => undefined;

function say(message: FromAttacker): void {
  self.postMessage(message);
}

async function obey(message: ToAttacker): Promise<void> {
  if (message.kind === "read") {
    onRead();
    return;
  }
  // After `installRtc`: @libp2p/webrtc looks for RTCPeerConnection when it is loaded.
  const [{ Attacker: Made }, { ATTACKS, CHANNEL }] = await Promise.all([
    import("../../hostile/attacker.ts"),
    import("../../hostile/attacks.ts"),
  ]);
  if (message.kind === "reach") {
    await initHash();
    attacker = await Made.create({ seed: message.seed });
    await attacker.reachThrough(message.relay, message.victim);
    await attacker.join(CHANNEL);
    say({ kind: "linked", key: attacker.key });
    return;
  }
  if (attacker === null) throw new Error("attack before reach");
  await ATTACKS[message.attack]?.run(attacker, {
    now: () => Date.now(),
    held: message.held,
    large: message.large,
    pause: (ms) => new Promise((resolve) => void setTimeout(resolve, ms)),
    read: (post) =>
      new Promise((resolve) => {
        onRead = resolve;
        say({ kind: "read", post });
      }),
  });
  say({ kind: "over" });
}

self.addEventListener(
  "message",
  ({ data }: MessageEvent<MessagePort>) => {
    installRtc(data, { mode: "auto" });
    self.addEventListener("message", ({ data: message }: MessageEvent<ToAttacker>) => {
      obey(message).catch((error: unknown) =>
        say({ kind: "failed", message: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
      );
    });
  },
  { once: true },
);
