/**
 * How this peer is doing: a log that holds no content and no keys, and a self-check that says what is wrong. The check is
 * loaded when it is asked for (`check.ts`); the log is there from the first moment.
 */
export { printable } from "./console.ts";
export { EVENTS, type EventFields, type EventName } from "./events.ts";
export { keepLog, type KeptLog } from "./keeping.ts";
export { observeMesh } from "./observe.ts";
export { meshReports, taskReports } from "./reports.ts";
export { logQuery, pageFault } from "./queries.ts";
export { LogRing, RING_LIMITS, type RingLimits } from "./ring.ts";
