/** How giving and taking begin. */
import type { DeviceView } from "./api.ts";

/** A code that waits to be used until `expiresAt`, milliseconds since 1970. */
export function openedView(role: "giving" | "taking", expiresAt: number): DeviceView {
  return { role, state: "open", expiresAt, number: null, moved: 0, size: null, problem: null };
}
