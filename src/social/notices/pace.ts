/**
 * How often those who hold other things are asked whether somebody far away has answered. A conversation that is fresh is asked
 * for every ten minutes, one of yesterday every six hours, one of last week no more: some forty questions for each post in all.
 */
const SOONEST = 10 * 60_000;
const LATEST = 6 * 3_600_000;
/** Answers come at intervals that grow with the age of what is answered. */
const OF_AGE = 1 / 4;

/** How long after it was written, or last answered, a post is looked for, in ms. */
export const LOOKED_FOR = 7 * 86_400_000;

/**
 * When a post is to be asked for again, `null` for never.
 * @param alive when it was written or last answered
 * @param asked when it was last asked for; `null`: not in this session, so that what came while this device slept is found
 */
export function nextLook(
  { alive, asked }: { readonly alive: number; readonly asked: number | null },
  now: number,
): number | null {
  if (now - alive >= LOOKED_FOR) return null;
  if (asked === null) return Math.max(now, alive + SOONEST);
  const pause = Math.min(LATEST, Math.max(SOONEST, (asked - alive) * OF_AGE));
  return asked + pause;
}
