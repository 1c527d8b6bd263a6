import type { OriginCall, PeerApi } from "../api.ts";
import type { OriginCore } from "../identities/core.ts";
import { identitiesCalls } from "./identities.ts";
import { vaultCalls } from "./vault.ts";

export type OriginCalls = Pick<PeerApi, OriginCall>;

/** The calls that work without an identity that runs, or while it is locked. */
export function originCalls(origin: OriginCore): OriginCalls {
  return { ...vaultCalls(origin), ...identitiesCalls(origin) };
}
