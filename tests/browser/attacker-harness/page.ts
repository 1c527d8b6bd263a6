/** The window of a modified peer: lends its worker the window's connections, and passes on what the test says. */
import { attachRtcHost } from "../../../src/mesh/rtc/host.ts";
import type { FromAttacker, ToAttacker } from "../../hostile/messages.ts";

const rtc = new MessageChannel();
attachRtcHost(rtc.port1);
const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
worker.postMessage(rtc.port2, [rtc.port2]);

/** Resolves with what the worker says next. */
function say(message: ToAttacker): Promise<FromAttacker> {
  return new Promise((resolve) => {
    worker.addEventListener("message", ({ data }: MessageEvent<FromAttacker>) => resolve(data), { once: true });
    worker.postMessage(message);
  });
}

export type SayToAttacker = typeof say;

Object.assign(window, { sayToAttacker: say });
document.title = "ready";
