import type { PeerApi } from "../api.ts";
import type { PeerCore } from "../core.ts";

type DeviceCall = "offerDevice" | "confirmDevice" | "endDevice" | "takeDevice" | "receiveDevice";

export function devicesCalls({ parts: { devices } }: PeerCore): Pick<PeerApi, DeviceCall> {
  return {
    offerDevice: ({ signal } = {}) => devices.offer(signal),
    takeDevice: (code, { signal } = {}) => devices.take(code, signal),
    receiveDevice: ({ signal } = {}) => devices.receive(signal),

    async confirmDevice(yes) {
      devices.confirm(yes);
    },

    async endDevice() {
      devices.end();
    },
  };
}
