/** A page as src/rpc/page.ts makes one, around the harness's own worker. */
import { attachRtcHost } from "../../../src/mesh/rtc/host.ts";
import { PeerSession } from "../../../src/rpc/session.ts";

const workers: Worker[] = [];
const states: string[] = [];

const session = new PeerSession(
  {
    locks: navigator.locks,
    tabs: new BroadcastChannel("mehr-peer"),
    spawn: () => {
      const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
      workers.push(worker);
      return worker;
    },
    attachRtc: attachRtcHost,
    after: (ms, task) => {
      const timer = setTimeout(task, ms);
      return () => clearTimeout(timer);
    },
    report: (error) => reportError(error),
  },
  { site: document.baseURI },
);
session.onState(({ kind }) => states.push(kind));

const harness = {
  session,
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
