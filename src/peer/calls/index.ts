/**
 * The calls of `PeerApi`, by what they are about. Each file makes some of them from the parts of a running peer; a call
 * that comes after the peer has ended is refused here.
 */
import type { PeerApi } from "../api.ts";
import type { PeerCore } from "../core.ts";
import { identityCalls } from "./identity.ts";
import { networkCalls } from "./network.ts";
import { peopleCalls } from "./people.ts";
import { readingCalls } from "./reading.ts";
import { writingCalls } from "./writing.ts";

export function callsOf(core: PeerCore): PeerApi {
  return whileAlive(core, {
    ...readingCalls(core),
    ...writingCalls(core),
    ...peopleCalls(core),
    ...identityCalls(core),
    ...networkCalls(core),
  });
}

type Call = (...args: never[]) => Promise<unknown>;

function whileAlive(core: PeerCore, calls: PeerApi): PeerApi {
  const guarded = Object.entries(calls).map(([name, call]: [string, Call]): [string, Call] => [
    name,
    async (...args) => {
      core.alive();
      return await call(...args);
    },
  ]);
  return Object.freeze(Object.fromEntries(guarded)) as unknown as PeerApi;
}
