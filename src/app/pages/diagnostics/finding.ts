/** What the self-check found out, in the page and in the peer alike. */
import type { CheckResult, CheckState, PeerCheckStep } from "../../../peer/api.ts";

/** What only a window can examine. */
export type PageCheckStep = "context" | "version" | "service" | "peer" | "keys" | "webrtc";

export type Step = PageCheckStep | PeerCheckStep;

/** In the order in which one thing rests upon another. */
export const STEPS: readonly Step[] = [
  "context",
  "version",
  "service",
  "peer",
  "keys",
  "storage",
  "hashing",
  "relays",
  "links",
  "webrtc",
  "clock",
];

export type Finding = Pick<CheckResult, "state" | "code" | "details">;

export interface StepOutcome {
  readonly step: Step;
  readonly done: boolean;
  /** Empty while it is being found out, and for what cannot be asked because no peer runs here. */
  readonly findings: readonly Finding[];
  /** Milliseconds. */
  readonly took: number;
}

export function finding(state: CheckState, code: string, details: Finding["details"] = {}): Finding {
  return { state, code, details };
}

/** The worst of them. */
export function worstOf(findings: readonly Pick<Finding, "state">[]): CheckState {
  if (findings.some(({ state }) => state === "broken")) return "broken";
  return findings.some(({ state }) => state === "warning") ? "warning" : "ok";
}

/** Name of what was thrown, without its text. */
export function nameOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.name : "Error";
}
