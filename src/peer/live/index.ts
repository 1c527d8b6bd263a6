/**
 * live: the engine of live queries. It knows neither storage nor network nor the page: a query is a function that is
 * evaluated anew when one of its topics was invalidated, and what is delivered is the difference to what the reader
 * has. Pure but for the clock, which is passed in.
 */
export { diffRows } from "./diff.ts";
export { sameData } from "./equal.ts";
export { LiveError, type LiveErrorCode } from "./errors.ts";
export { LIVE_KEYS, type LiveListName, type LiveRow } from "./keys.ts";
export {
  LIVE_INTERVAL,
  LiveSet,
  type LiveSetOptions,
  type LiveSubscription,
  type RowsSource,
  type RowsUpdate,
  type ValueSource,
  type ValueUpdate,
} from "./live-set.ts";
export type { LiveClock } from "./schedule.ts";
