/**
 * A hostile peer as a program of its own, driven by messages of the process that has started it. It reaches its victim as
 * every peer does: through the relay, and then over WebRTC.
 */
import "../../src/relay/node-shims.ts";
import { initHash } from "../../src/hash/index.ts";
import { Attacker } from "./attacker.ts";
import { ATTACKS, CHANNEL } from "./attacks.ts";
import type { FromAttacker, ToAttacker } from "./messages.ts";

let attacker: Attacker | null = null;
let onRead: () => void = () => undefined;

function say(message: FromAttacker): void {
  process.send?.(message);
}

async function obey(message: ToAttacker): Promise<void> {
  switch (message.kind) {
    case "reach":
      await initHash();
      attacker = await Attacker.create({ seed: message.seed });
      await attacker.reachThrough(message.relay, message.victim);
      await attacker.join(CHANNEL);
      say({ kind: "linked", key: attacker.key });
      return;
    case "attack":
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
      return;
    case "read":
      onRead();
  }
}

process.on("message", (message: ToAttacker) => {
  obey(message).catch((error: unknown) =>
    say({ kind: "failed", message: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});
// Whoever started it has gone.
process.on("disconnect", () => process.exit());
