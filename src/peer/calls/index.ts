/**
 * The calls of one identity, by what they are about. Each file makes some of them from the parts of a running peer; a call
 * that comes after the peer has ended is refused here.
 */
import type { IdentityApi } from "../api.ts";
import type { PeerCore } from "../core.ts";
import { arrivingCalls } from "./arriving.ts";
import { backupCalls } from "./backup.ts";
import { checkArguments } from "./arguments.ts";
import { curationCalls } from "./curation.ts";
import { defenceCalls } from "./defence.ts";
import { devicesCalls } from "./devices.ts";
import { diagnosticsCalls } from "./diagnostics.ts";
import { feedsCalls } from "./feeds.ts";
import { findingCalls } from "./finding.ts";
import { hintsCalls } from "./hints.ts";
import { historyCalls } from "./history.ts";
import { blocksCalls } from "./blocks.ts";
import { identityCalls } from "./identity.ts";
import { inviteCalls } from "./invites.ts";
import { mediaCalls } from "./media.ts";
import { networkCalls } from "./network.ts";
import { noticesCalls } from "./notices.ts";
import { peopleCalls } from "./people.ts";
import { readingCalls } from "./reading.ts";
import { reachCalls } from "./reach.ts";
import { searchCalls } from "./search.ts";
import { storageCalls } from "./storage.ts";
import { trustCalls } from "./trust.ts";
import { writingCalls } from "./writing.ts";

export function callsOf(core: PeerCore): IdentityApi {
  return whileAlive(core, {
    ...readingCalls(core),
    ...writingCalls(core),
    ...peopleCalls(core),
    ...feedsCalls(core),
    ...blocksCalls(core),
    ...trustCalls(core),
    ...defenceCalls(core),
    ...curationCalls(core),
    ...identityCalls(core),
    ...backupCalls(core),
    ...arrivingCalls(core),
    ...devicesCalls(core),
    ...findingCalls(core),
    ...historyCalls(core),
    ...hintsCalls(core),
    ...mediaCalls(core),
    ...networkCalls(core),
    ...noticesCalls(core),
    ...reachCalls(core),
    ...searchCalls(core),
    ...storageCalls(core),
    ...inviteCalls(core),
    ...diagnosticsCalls(core),
  });
}

type Call = (...args: never[]) => Promise<unknown>;

/** Slower than this a person waits. */
const SLOW_CALL = 2_000;

/** Runs a call; the log learns when it fails or takes long, though never with what. */
async function noted(core: PeerCore, call: string, run: () => Promise<unknown>): Promise<unknown> {
  const { ring } = core;
  const { clock } = core.ports;
  const began = clock.now();
  try {
    const value = await run();
    const took = clock.now() - began;
    if (took > SLOW_CALL) ring.add("call_slow", { call, took });
    return value;
  } catch (error) {
    ring.add("call_failed", { call, took: clock.now() - began, error });
    throw error;
  }
}

function whileAlive(core: PeerCore, calls: IdentityApi): IdentityApi {
  const guarded = Object.entries(calls).map(([name, call]: [string, Call]): [string, Call] => [
    name,
    async (...args) => {
      core.alive();
      checkArguments(name, args);
      return await noted(core, name, () => call(...args));
    },
  ]);
  return Object.freeze(Object.fromEntries(guarded)) as unknown as IdentityApi;
}
