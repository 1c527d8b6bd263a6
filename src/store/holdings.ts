import type { Holding } from "./port.ts";

/** The order in which what is held may go, last first (protocol section 6). */
const ORDER: readonly Holding[] = ["cache", "paid", "trusted", "own"];

/** Whether what is held as `one` outlasts what is held as `other`. */
export function outlasts(one: Holding, other: Holding): boolean {
  return ORDER.indexOf(one) > ORDER.indexOf(other);
}
