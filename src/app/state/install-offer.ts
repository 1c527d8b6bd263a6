/** When the app offers to be installed: once it has been of use, and not again for long when it was turned down. Pure. */

export interface InstallMemory {
  /** The day of the first visit, as `2026-06-15` in the person's own time. */
  readonly firstDay: string;
  /** Has come back on another day. */
  readonly returned: boolean;
  readonly posted: boolean;
  /** Milliseconds since 1970. */
  readonly dismissedAt: number | null;
}

/** Half a year: who said "not now" in winter may have another phone in summer. */
export const STAY_AWAY = 183 * 86_400_000;

export function afterVisit(memory: InstallMemory | null, day: string): InstallMemory {
  if (memory === null) return { firstDay: day, returned: false, posted: false, dismissedAt: null };
  return memory.firstDay === day || memory.returned ? memory : { ...memory, returned: true };
}

export function isOffered({ returned, posted, dismissedAt }: InstallMemory, now: number): boolean {
  // A clock that was set back counts as no time passed.
  if (dismissedAt !== null && now - dismissedAt < STAY_AWAY) return false;
  return returned || posted;
}

/** What was remembered; `null` for anything else. */
export function readMemory(text: string | null): InstallMemory | null {
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    return isMemory(value) ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function isMemory(value: unknown): value is InstallMemory {
  if (typeof value !== "object" || value === null) return false;
  const { firstDay, returned, posted, dismissedAt } = value as Partial<Record<keyof InstallMemory, unknown>>;
  return (
    typeof firstDay === "string" &&
    typeof returned === "boolean" &&
    typeof posted === "boolean" &&
    (dismissedAt === null || typeof dismissedAt === "number")
  );
}
