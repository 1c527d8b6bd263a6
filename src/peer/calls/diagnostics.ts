import type { PeerApi } from "../api.ts";
import type { PeerCore } from "../core.ts";
import { logQuery, pageFault } from "../diagnostics/index.ts";

type DiagnosticsCall = "log" | "clearLog" | "noteFault" | "selfCheck";

export function diagnosticsCalls(core: PeerCore): Pick<PeerApi, DiagnosticsCall> {
  const { ring } = core;
  return {
    async log(query = {}) {
      return ring.entries(logQuery(query));
    },

    async clearLog() {
      ring.clear();
      ring.add("log_cleared", {});
    },

    async noteFault(fault) {
      ring.add("page_failed", pageFault(fault));
    },

    async selfCheck({ signal, steps } = {}) {
      // Loaded when somebody asks: few do, and never in the first second.
      const { examine } = await import("../diagnostics/check.ts");
      return await examine(core, steps, signal);
    },
  };
}
