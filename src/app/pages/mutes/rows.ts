/** Everything that is muted now, as it is: the list is shown, and the kinds are marked by it. */
import type { MuteView } from "../../../peer/api.ts";
import { useConnection } from "../../state/connection.tsx";
import { createLiveRows, type LiveRows } from "../../state/live.ts";

export function createMutes(): LiveRows<MuteView> {
  const { api } = useConnection();
  return createLiveRows(
    api,
    "mutes",
    () => ({}),
    (row) => row.id,
  );
}
