/** Name of the setting that says what waits, and what the names of the others begin with that hold it. */
export const ARRIVALS_KEY = "arriving";
/** Name of the setting that lists what came with a backup and is held, and what the names of the others begin with that hold it. */
export const HELD_KEY = "arriving-held";
/** Whether a setting of this name holds posts that wait, or one that is held. */
export function holdsWaiting(name: string): boolean {
  return name.startsWith(`${ARRIVALS_KEY}:`) || name.startsWith(`${HELD_KEY}:`);
}

/** Name of the setting that knows which drafts were given already. */
export const GIVEN_KEY = "arrived";
/** Name of the setting that knows which of those that were given were published, here or by another device. */
export const PUBLISHED_KEY = "arrived-published";
/** Name of the setting that knows which of those that wait or are held here another device has published, as a backup says. */
export const ELSEWHERE_KEY = "arriving-elsewhere";
/** What the names begin with of what could not be read as a post; when that was noticed follows. */
export const DAMAGED = `${GIVEN_KEY}-damaged:`;
