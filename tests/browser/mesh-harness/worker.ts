/** A peer without an app: the mesh alone, driven by messages. */
import { installRtc } from "../../../src/mesh/rtc/shim.ts";
import type { PeerConfig } from "./calls.ts";

interface Init {
  readonly config: PeerConfig;
  readonly rtcPort: MessagePort;
  readonly callPort: MessagePort;
}

self.addEventListener(
  "message",
  (event: MessageEvent<Init>) => {
    void run(event.data);
  },
  { once: true },
);

async function run({ config, rtcPort, callPort }: Init): Promise<void> {
  const rtc = installRtc(rtcPort, { mode: config.mode });
  // After the globals are there: @libp2p/webrtc takes them when it is loaded.
  const { servePeer } = await import("./peer.ts");
  await servePeer(config, rtc, callPort);
}
