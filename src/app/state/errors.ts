import { codeOf as stableCodeOf } from "../../rpc/index.ts";

/** The stable code of whatever a call rejected with; `UNKNOWN` for an error that carries none. */
export function codeOf(error: unknown): string {
  return stableCodeOf(error) ?? "UNKNOWN";
}
