/** The window of a hostile author: lends its worker the window's connections. */
import { attachRtcHost } from "../../../src/mesh/rtc/host.ts";
import type { HostileAuthor, StartAuthor } from "./messages.ts";

/** Resolves with the author's NodeID once everything is published. */
function publishAll(author: HostileAuthor): Promise<string> {
  const rtc = new MessageChannel();
  attachRtcHost(rtc.port1);
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  return new Promise((resolve, reject) => {
    worker.addEventListener("message", ({ data }: MessageEvent<string>) => resolve(data));
    worker.addEventListener("error", (event) => reject(new Error(event.message)));
    const start: StartAuthor = { author, rtc: rtc.port2 };
    worker.postMessage(start, [rtc.port2]);
  });
}

export type PublishAll = typeof publishAll;

Object.assign(window, { publishAll });
document.title = "ready";
