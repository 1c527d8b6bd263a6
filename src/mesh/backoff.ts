/**
 * Milliseconds to wait after this many failures in a row: doubled each time up to `max`, then spread over half to
 * one and a half of it, so that peers that lost a relay together do not all come back in one moment.
 */
export function backoff(failures: number, base: number, max: number, random: () => number): number {
  return Math.min(max, base * 2 ** Math.max(0, failures - 1)) * (0.5 + random());
}
