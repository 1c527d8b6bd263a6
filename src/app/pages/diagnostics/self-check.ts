/** Runs the self-check: what the page can see by itself, and what the peer is asked for, each shown as it comes. */
import { type Accessor, createSignal, onCleanup } from "solid-js";
import type { PeerCheckStep } from "../../../peer/api.ts";
import type { Connection } from "../../state/connection.tsx";
import { codeOf } from "../../state/errors.ts";
import { checkWebRtc } from "./checks/webrtc.ts";
import { checkClockOfHost, checkContext, checkKeys, checkPeer, checkService, checkVersion } from "./checks/window.ts";
import { finding, nameOf, type Finding, type Step, type StepOutcome, STEPS } from "./finding.ts";

export interface SelfCheck {
  /** In the order of `STEPS`; empty before the first run. */
  readonly outcomes: Accessor<readonly StepOutcome[]>;
  readonly running: Accessor<boolean>;
  /** When the last run ended, milliseconds since 1970. */
  readonly checkedAt: Accessor<number | null>;
  start(): void;
  stop(): void;
}

export function createSelfCheck(connection: Connection): SelfCheck {
  const [outcomes, setOutcomes] = createSignal<readonly StepOutcome[]>([]);
  const [running, setRunning] = createSignal(false);
  const [checkedAt, setCheckedAt] = createSignal<number | null>(null);
  let run: AbortController | null = null;

  const stop = (): void => {
    run?.abort();
    run = null;
    setRunning(false);
  };

  const start = (): void => {
    stop();
    const own = new AbortController();
    run = own;
    setRunning(true);
    setOutcomes(STEPS.map((step) => ({ step, done: false, findings: [], took: 0 })));
    const found = (outcome: StepOutcome): void => {
      if (run !== own) return;
      setOutcomes((shown) => shown.map((each) => (each.step === outcome.step ? outcome : each)));
    };
    void examine(connection, own.signal, found).then(() => {
      if (run !== own) return;
      run = null;
      setRunning(false);
      setCheckedAt(Date.now());
    });
  };

  onCleanup(stop);
  return { outcomes, running, checkedAt, start, stop };
}

/** The peer ends a step after 15 s by itself; one that is silent for longer does not answer at all. */
const PEER_PATIENCE = 20_000;

type Found = (outcome: StepOutcome) => void;

/** Never rejects: a step that fails says so. */
async function examine(connection: Connection, signal: AbortSignal, found: Found): Promise<void> {
  const step = async (name: Step, look: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> => {
    const began = performance.now();
    const findings = await look().catch((error: unknown) => [
      finding("broken", "CHECK_FAILED", { error: codeOf(error) === "UNKNOWN" ? nameOf(error) : codeOf(error) }),
    ]);
    found({ step: name, done: true, findings, took: Math.round(performance.now() - began) });
    return findings;
  };
  const own = (name: Step, look: () => Finding | Promise<Finding>) => step(name, async () => [await look()]);
  const limited = AbortSignal.any([signal, AbortSignal.timeout(PEER_PATIENCE)]);
  const ofPeer = async (name: PeerCheckStep): Promise<readonly Finding[]> =>
    (await connection.api()?.selfCheck({ steps: [name], signal: limited }))?.results ?? [];
  const inPeer = (name: PeerCheckStep) => step(name, () => ofPeer(name));
  // A connection with oneself proves less than one with somebody else.
  const links = inPeer("links").then(async (findings) => {
    if (findings.some(({ code }) => code === "LINKS_DIRECT"))
      return own("webrtc", () => finding("ok", "WEBRTC_PROVEN"));
    return own("webrtc", () => checkWebRtc(signal));
  });
  await Promise.all([
    own("context", checkContext),
    own("version", checkVersion),
    own("service", checkService),
    step("keys", async () => {
      const api = connection.api();
      return api === undefined ? [] : [await checkKeys(api)];
    }),
    own("peer", () => checkPeer(connection.state(), connection.api())),
    inPeer("storage"),
    inPeer("hashing"),
    inPeer("relays"),
    links,
    step("clock", async () => {
      const findings = await ofPeer("clock");
      // Without a neighbour there still is the host of the app.
      const unknown = findings.every(({ code }) => code === "CLOCK_UNKNOWN");
      return unknown ? [await checkClockOfHost(signal)] : findings;
    }),
  ]);
}
