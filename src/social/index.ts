/**
 * The logic of a social network, without a network: what is believed, who may hear what, what a feed is made of and
 * what becomes of a draft. Pure: time comes as an argument, everything else through ports.
 */
export { BoundedMap } from "./bounded.ts";
// Types alone: what makes posts is loaded with the first one that is made (src/peer/publishing).
export type * from "./compose.ts";
export { canonicalFeed, MAX_INTERSECTED, savedKindOf, type FeedKind } from "./canonical-feed.ts";
export * from "./defence/index.ts";
export { addedAt, checkCurated, type CuratedKey, type CuratedRefusal, type CuratedVerdict } from "./curated.ts";
export { feedHash, pageName, pageOf } from "./curation/keys.ts";
export {
  feedFilter,
  withFilters,
  type Feed,
  type FeedContext,
  type FeedFilter,
  type FeedFilters,
  type ScopeMatch,
} from "./feeds.ts";
export { decideHead, FORK_FREEZE, type HeadDecision, type HeadOutcome, type HeadState, type Version } from "./heads.ts";
export { ArrivalRates } from "./arrival-rates.ts";
export { Intake, type IntakeOptions } from "./intake.ts";
export type {
  AcceptedCertificate,
  AcceptedEnvelope,
  AcceptedProfile,
  AcceptedPromotion,
  IntakeCode,
  IntakeOutcome,
  IntakeSource,
  Settled,
} from "./outcomes.ts";
export {
  modeFor,
  ENOUGH_LINKS,
  qualityOf,
  thriftiest,
  thrift,
  type Circumstances,
  type LinkQuality,
  type LowData,
  type Mode,
  type ModeWish,
} from "./modes.ts";
export * from "./kinds/index.ts";
export { unhurriedInterval } from "./pace.ts";
export { defaultRates, HourlyRate, type RatePolicy } from "./rate.ts";
export { STORAGE_LIMITS, StorageAllowance, type StorageLimits, type StorageShares, type Storing } from "./allowance.ts";
export {
  audienceOf,
  channelRefusal,
  placeOfChannel,
  startChannels,
  type Audience,
  type ChannelRefusal,
} from "./start.ts";
export * from "./promotion/index.ts";
export * from "./threads/index.ts";
export { TokenBucket, type Rate } from "./token-bucket.ts";
