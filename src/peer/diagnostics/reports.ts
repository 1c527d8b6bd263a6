/** What other rooms report, as entries of the log. */
import type { MeshLog } from "../../mesh/options.ts";
import { isEventName } from "./events.ts";
import type { LogRing } from "./ring.ts";

/** For the `log` port of a peer. */
export function taskReports(ring: LogRing): (context: string, error: unknown) => void {
  return (context, error) => ring.add("task_failed", { task: context, error });
}

/** For the `log` port of a mesh. */
export function meshReports(ring: LogRing): MeshLog {
  return (level, event, { code, error, peer, protocol } = {}) => {
    // An address of a relay is the person's own and stays out; `relay_changed` names it by its place in the list.
    ring.add(isEventName(event) ? event : "mesh_other", { code, error, peer, protocol }, level);
  };
}
