/** The self-check: tries out what this peer needs and says what is wrong, by stable codes. Loaded when it is asked for. */
import { abortable, withDeadline } from "../../mesh/protocols/index.ts";
import type { PeerCore } from "../core.ts";
import { PeerError } from "../errors.ts";
import type { CheckReport, CheckResult, CheckState, PeerCheckStep } from "./api.ts";
import { checkClock } from "./checks/clock.ts";
import { checkHashing } from "./checks/hashing.ts";
import { checkLinks, checkRelays } from "./checks/network.ts";
import { checkStorage } from "./checks/storage.ts";
import { faultName } from "./fields.ts";

/** What a step found out. */
export interface Finding {
  readonly state: CheckState;
  readonly code: string;
  readonly details?: Readonly<Record<string, number | string | boolean | null>>;
}

export type Check = (core: PeerCore, signal: AbortSignal) => Promise<readonly Finding[]>;

const CHECKS: Readonly<Record<PeerCheckStep, Check>> = {
  storage: checkStorage,
  hashing: checkHashing,
  relays: checkRelays,
  links: checkLinks,
  clock: checkClock,
};

/** A relay gets 10 s to answer; whatever takes longer than this does not work for anybody. Milliseconds. */
const DEADLINE = 15_000;

/** @throws PeerError `CHECK_UNKNOWN`; the signal's reason */
export async function examine(
  core: PeerCore,
  steps: readonly PeerCheckStep[] = Object.keys(CHECKS) as PeerCheckStep[],
  signal?: AbortSignal,
): Promise<CheckReport> {
  const known = Array.isArray(steps) && steps.every((step) => Object.hasOwn(CHECKS, step));
  if (!known) throw new PeerError("CHECK_UNKNOWN", "There is no such step of the self-check.");
  const results = await Promise.all([...new Set(steps)].map((step) => run(core, step, signal)));
  return { checkedAt: core.ports.clock.now(), results: results.flat() };
}

async function run(core: PeerCore, step: PeerCheckStep, signal: AbortSignal | undefined): Promise<CheckResult[]> {
  const { clock } = core.ports;
  const began = clock.now();
  const findings = await withDeadline(clock, DEADLINE, signal, (limited) =>
    abortable(CHECKS[step](core, limited), limited),
  ).catch((error: unknown): readonly Finding[] => {
    signal?.throwIfAborted();
    return [{ state: "broken", code: "CHECK_FAILED", details: { error: faultName(error) } }];
  });
  const took = clock.now() - began;
  return findings.map(({ code, details = {}, state }) => {
    core.ring.add("check_done", { code, took }, state === "ok" ? "info" : "warn");
    return { step, state, code, took, details: withoutNull(details) };
  });
}

function withoutNull(
  details: Readonly<Record<string, number | string | boolean | null>>,
): Record<string, number | string | boolean> {
  return Object.fromEntries(
    Object.entries(details).filter((entry): entry is [string, number | string | boolean] => entry[1] !== null),
  );
}
