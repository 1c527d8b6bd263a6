/** The keyboard shortcuts, as a pure step from a key press to what it asks for. */

export type Command =
  | "next"
  | "previous"
  | "open"
  | "write"
  | "home"
  | "inbox"
  | "network"
  | "explore"
  | "search"
  | "undo"
  | "help"
  | "escape";

const SINGLE: Readonly<Record<string, Command>> = {
  j: "next",
  k: "previous",
  Enter: "open",
  n: "write",
  u: "undo",
  "/": "search",
  "?": "help",
  Escape: "escape",
};
const AFTER_G: Readonly<Record<string, Command>> = { e: "explore", h: "home", i: "inbox", n: "network" };

/** A second key counts as one sequence with "g" only this soon after it. */
export const SEQUENCE_MS = 1_000;

/** @param leadAt when "g" was pressed last, or `null`. Times in milliseconds of one clock. */
export function commandOf(
  key: string,
  at: number,
  leadAt: number | null,
): { readonly command: Command | null; readonly leadAt: number | null } {
  if (leadAt !== null && at - leadAt <= SEQUENCE_MS) {
    const command = AFTER_G[key];
    if (command) return { command, leadAt: null };
  }
  if (key === "g") return { command: null, leadAt: at };
  return { command: SINGLE[key] ?? null, leadAt: null };
}
