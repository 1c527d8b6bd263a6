/**
 * /mehr/signal/1: browser peers introduce each other. A peer asks a neighbour for a way to another one; the neighbour
 * passes a signed offer and its signed answer on, and the two connect directly. No relay is needed.
 *
 * `caller.ts`, `passer.ts` and `target.ts` are the three sides of it.
 */
export { SIGNAL_LIMITS, SIGNAL_PROTOCOL, type SignalLimits } from "./constants.ts";
export { SignalRefused } from "./conversation.ts";
export { decodeSignal, encodeSignal, type SignalMessage, type SignalRefusalCode } from "./messages.ts";
export { Signalling, type SignallingOptions } from "./signalling.ts";
