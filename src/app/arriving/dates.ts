/** The first post of any network that gives its people archives is younger; the web itself is from 1991. */
const EARLIEST = Date.UTC(1990, 0, 1);
const DAY = 86_400_000;
/** No date is longer, and parsers of dates are no place for megabytes. */
const MAX_DATE = 64;

/**
 * A date of RFC 3339 (Atom, JSON Feed, ActivityPub) or RFC 822 (RSS), in milliseconds since 1970; `null` where it is none, or one
 * that cannot be when something was written.
 */
export function dateOf(text: string | null, now: number): number | null {
  if (text === null || text.length > MAX_DATE) return null;
  const date = Date.parse(text.trim());
  return Number.isNaN(date) || date < EARLIEST || date > now + DAY ? null : date;
}
