/** A page as src/rpc/page.ts makes one, around the harness's own worker. */
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

const harness = {
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
