/** A page as src/rpc/page.ts makes one, around the harness's own worker. */
import { attachRtcHost } from "../../../src/mesh/rtc/host.ts";
import type { ToWorker } from "../../../src/mesh/rtc/messages.ts";
import { portsOfBrowser } from "../../../src/rpc/page.ts";
import { PeerSession } from "../../../src/rpc/session.ts";

const workers: Worker[] = [];
const states: string[] = [];

const session = new PeerSession(
  portsOfBrowser(() => {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    workers.push(worker);
    return worker;
  }),
  { site: document.baseURI },
);
/** `view` is what a page is whose peer runs in another tab. */
const stateNow = (): string => {
  const { state } = session;
  return state.kind === "running" && !state.here ? "view" : state.kind;
};
session.onState(() => states.push(stateNow()));

/** Makes and closes connections as a worker does that dials and dials; returns how many the browser refused. */
async function churn(connections: number): Promise<number> {
  const { port1, port2 } = new MessageChannel();
  let refused = 0;
  const host = attachRtcHost(port1, { onError: () => refused++ });
  for (let connection = 1; connection <= connections; connection++) {
    const described = new Promise<void>((resolve) => {
      const listen = ({ data }: MessageEvent<ToWorker>): void => {
        if (data.type !== "result" && data.type !== "error") return;
        port2.removeEventListener("message", listen);
        resolve();
      };
      port2.addEventListener("message", listen);
      port2.start();
    });
    port2.postMessage({ type: "create", connection, configuration: {} });
    port2.postMessage({ type: "openChannel", connection, channel: connection, label: "init", init: {} });
    port2.postMessage({ type: "call", connection, call: connection, method: "setLocalDescription", args: [] });
    await described;
    port2.postMessage({ type: "close", connection });
  }
  host.close();
  return refused;
}

const harness = {
  churn,
  session,
  stateNow,
  states,
  /** Ends the worker behind the session's back. */
  terminate: () => workers.at(-1)?.terminate(),
  /** The code that a call rejects with; what it resolves with is nothing to this. */
  codeOf: (call: Promise<unknown>) =>
    call.then(
      () => "resolved",
      (error: unknown) => (error as { code: string }).code,
    ),
  pending: Promise.resolve(""),
};

export type RpcHarness = typeof harness;

declare global {
  interface Window {
    rpc: RpcHarness;
  }
}
window.rpc = harness;
