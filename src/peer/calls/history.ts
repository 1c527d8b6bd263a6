import type { PeerApi } from "../api.ts";
import type { PeerCore } from "../core.ts";

export function historyCalls({ history }: PeerCore): Pick<PeerApi, "closeHistory"> {
  return { closeHistory: () => history.close() };
}
