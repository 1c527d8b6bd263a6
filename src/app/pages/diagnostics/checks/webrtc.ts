/** Whether this browser makes connections at all: two of its own, with each other, without any server. */
import { finding, nameOf, type Finding } from "../finding.ts";

/** On this machine a connection is there within half a second (measured); a slow phone gets much more. */
const PATIENCE = 8_000;
const ECHO = "echo";

class NotConnected extends Error {
  override readonly name = "NotConnectedError";
}

/** @returns one finding: `WEBRTC_WORKS`, or why not */
export async function checkWebRtc(signal: AbortSignal): Promise<Finding> {
  if (typeof RTCPeerConnection !== "function") return finding("broken", "WEBRTC_MISSING");
  const began = performance.now();
  const ends: RTCPeerConnection[] = [];
  let candidates = 0;
  try {
    const [near, far] = [new RTCPeerConnection({ iceServers: [] }), new RTCPeerConnection({ iceServers: [] })];
    ends.push(near, far);
    const gather = (from: RTCPeerConnection, to: RTCPeerConnection): void => {
      from.addEventListener("icecandidate", ({ candidate }) => {
        if (candidate === null || candidate.candidate === "") return;
        candidates++;
        // One that cannot be added is one way less; the wait below tells whether another was found.
        to.addIceCandidate(candidate).catch((error: unknown) => console.debug("self-check", error));
      });
    };
    gather(near, far);
    gather(far, near);
    const channel = near.createDataChannel("self-check");
    far.addEventListener("datachannel", ({ channel: other }) => {
      other.addEventListener("message", ({ data }) => other.send(data as string));
    });
    const echoed = echoOf(channel, signal);
    // Whoever fails below leaves before the echo is waited for.
    echoed.catch(() => undefined);
    await near.setLocalDescription();
    await far.setRemoteDescription(near.localDescription!);
    await far.setLocalDescription();
    await near.setRemoteDescription(far.localDescription!);
    await echoed;
    return finding("ok", "WEBRTC_WORKS", { took: Math.round(performance.now() - began), candidates });
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof NotConnected)) return finding("broken", "WEBRTC_FAILED", { error: nameOf(error) });
    return finding("broken", candidates === 0 ? "WEBRTC_NO_CANDIDATES" : "WEBRTC_NOT_CONNECTED", { candidates });
  } finally {
    for (const end of ends) end.close();
  }
}

/** Resolves when a word has gone to the other end and come back. */
function echoOf(channel: RTCDataChannel, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new NotConnected("no echo")), PATIENCE);
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    signal.addEventListener("abort", abort, { once: true });
    channel.addEventListener("open", () => channel.send(ECHO));
    channel.addEventListener("message", ({ data }) => {
      if (data !== ECHO) return;
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      resolve();
    });
  });
}
