/**
 * What peers say to each other on streams, over the ports of the mesh alone: /mehr/store/1 (objects by hash, heads by
 * key), /mehr/pub/1 (envelopes by subscription) and /mehr/time/1 (what time it is over there), and what both share: frames, a clock, budgets per peer.
 */
export { EVERY_SCOPED, type Audience, type Beside, type HeldEnvelope, type Offer } from "./audience.ts";
export { abortable, pause, reasonOf, systemClock, withDeadline, type Clock } from "./clock.ts";
export { misdeedOf, ProtocolError, type ProtocolErrorCode } from "./errors.ts";
export { heldFor, isForTrusted, isKnownPrivately, namingOf, withoutUnscoped } from "./library.ts";
export type { Library, LibraryEnvelopes, LibraryFilter, LibraryHead, LibraryRow } from "./library.ts";
export { createProfiles, type FoundProfile, type Profiles, type ProfilesOptions } from "./profiles.ts";
export type { Rate } from "./token-bucket.ts";
export * from "./pub/index.ts";
export * from "./store/index.ts";
export * from "./sync/index.ts";
export { answerTime, askTime, serveTime, TIME_PROTOCOL, type TimeSample } from "./time/index.ts";
