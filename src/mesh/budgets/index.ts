/**
 * What one peer may cost this one: messages, bytes, streams, work that led to nothing, and introductions, each a token
 * bucket over a clock (`limits.ts` says why each is as large as it is); and the queue that serves all peers in turn, so
 * that the one who sends most does not delay the others.
 */
export { FairQueue, type FairQueueOptions } from "./fair-queue.ts";
export { guardFlow, limitInbound, type FlowOptions } from "./flow.ts";
export { Inbox, type InboxOptions } from "./inbox.ts";
export { Knocks } from "./knocks.ts";
export { BUDGETS, type GossipBudget, type KnockBudget, type StreamBudget } from "./limits.ts";
export { StreamGate, type StreamGateOptions } from "./stream-gate.ts";
export { WorkMeter } from "./work-meter.ts";
