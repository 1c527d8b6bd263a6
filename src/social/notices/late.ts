/** What came later than a day after it was written is no news that somebody should be called for. In ms. */
const LATE = 24 * 3_600_000;

/** Whether something of that date that comes now is told of without calling: it is in the list, and no more than that. */
export function isLate(created: number, now: number): boolean {
  return now - created > LATE;
}
