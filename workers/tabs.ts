/** The shared worker of all tabs: the desk over which they pass ports to the one that runs the peer. */
import { Desk } from "../src/rpc/desk.ts";

const desk = new Desk();

self.addEventListener("connect", (event) => {
  for (const port of (event as MessageEvent).ports) {
    port.addEventListener("message", ({ data }: MessageEvent<unknown>) => desk.receive(data));
    port.start();
  }
});
