import type { PeerCore } from "../../core.ts";
import type { Finding } from "../check.ts";

/** Most devices are within a second; nobody notices less than this in a time that is shown. */
const RIGHT = 30_000;
/** What is dated further ahead is refused by everybody (docs/protocol.md, "Belief"). */
const REFUSED = 600_000;

/** What neighbours and relays say of this device's clock. */
export async function checkClock({ network }: PeerCore): Promise<readonly Finding[]> {
  const skew = network.clockSkew();
  if (skew === null) return [{ state: "ok", code: "CLOCK_UNKNOWN" }];
  const off = Math.abs(skew);
  const details = { skew };
  if (off <= RIGHT) return [{ state: "ok", code: "CLOCK_RIGHT", details }];
  if (off <= REFUSED) return [{ state: "warning", code: "CLOCK_OFF", details }];
  return [{ state: "broken", code: "CLOCK_WRONG", details }];
}
