/**
 * threads: who answers what and what refers to what, put together from the envelopes that are held here, when somebody
 * looks at it. What is missing is looked for by `finding`. `Threads` is small and always there; the rest is loaded when a
 * thread is first opened.
 */
export type { GraphEdge, GraphNode, GraphView, LineageView, ThreadLiveQueries, ThreadRow } from "./api.ts";
export { Threads } from "./threads.ts";
export { threadWatches } from "./watches.ts";
