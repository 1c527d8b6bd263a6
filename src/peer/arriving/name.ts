/** Name of the setting that says what waits, and what the names of the others begin with that hold it. */
export const ARRIVALS_KEY = "arriving";
/** Whether a setting of this name holds posts that wait. */
export function holdsWaiting(name: string): boolean {
  return name.startsWith(`${ARRIVALS_KEY}:`);
}

/** Name of the setting that knows which drafts were given already. */
export const GIVEN_KEY = "arrived";
/** What the names begin with of what could not be read as a post; when that was noticed follows. */
export const DAMAGED = `${GIVEN_KEY}-damaged:`;
