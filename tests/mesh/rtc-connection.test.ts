import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ToWindow, ToWorker } from "../../src/mesh/rtc/messages.ts";
import { installRtc, WorkerPeerConnection, type RtcBridge } from "../../src/mesh/rtc/shim.ts";

let window: MessagePort;
let bridge: RtcBridge;
let asked: ToWindow[];

beforeEach(() => {
  vi.stubGlobal("navigator", { locks: { request: () => new Promise(() => undefined) } });
  // Defined by `installRtc`; what was there before comes back with the others.
  for (const name of ["RTCPeerConnection", "RTCSessionDescription", "RTCIceCandidate"]) vi.stubGlobal(name, undefined);
  const { port1, port2 } = new MessageChannel();
  window = port1;
  asked = [];
  window.addEventListener("message", ({ data }: MessageEvent<ToWindow>) => void asked.push(data));
  window.start();
  bridge = installRtc(port2, { mode: "messages" });
});

afterEach(() => {
  window.close();
  vi.unstubAllGlobals();
});

function opened(): { connection: WorkerPeerConnection; events: string[] } {
  const connection = new WorkerPeerConnection();
  const events: string[] = [];
  for (const name of ["connectionstatechange", "close"]) {
    connection.addEventListener(name, () => events.push(`${name} ${connection.connectionState}`));
  }
  return { connection, events };
}

const closes = (): number => asked.filter(({ type }) => type === "close").length;

test("a connection that this side closes is let go, which is told once", async () => {
  const { connection, events } = opened();
  expect(bridge.open()).toBe(1);
  connection.close();
  connection.close();
  expect(events).toEqual(["close closed"]);
  expect(bridge.open()).toBe(0);
  await vi.waitFor(() => expect(closes()).toBe(1));
});

test("one that the other side has closed is let go, too, after its last change of state", async () => {
  const { connection, events } = opened();
  const state = {
    connectionState: "closed",
    iceConnectionState: "closed",
    iceGatheringState: "complete",
    signalingState: "closed",
  } as const;
  const message: ToWorker = { type: "state", connection: connection.bridgeId, event: "connectionstatechange", state };
  window.postMessage(message);
  await vi.waitFor(() => expect(events).toEqual(["connectionstatechange closed", "close closed"]));
  expect(bridge.open()).toBe(0);
});
