/**
 * The logic of a social network, without a network: what is believed, who may hear what, what a feed is made of and
 * what becomes of a draft. Pure: time comes as an argument, everything else through ports.
 */
export { BoundedMap } from "./bounded.ts";
export * from "./compose.ts";
export { feedFilter, type Feed, type FeedContext, type FeedFilter } from "./feeds.ts";
export { decideHead, FORK_FREEZE, type HeadDecision, type HeadOutcome, type HeadState, type Version } from "./heads.ts";
export {
  Intake,
  type AcceptedEnvelope,
  type AcceptedProfile,
  type IntakeCode,
  type IntakeOptions,
  type IntakeOutcome,
  type IntakeSource,
  type Settled,
} from "./intake.ts";
export { defaultRates, HourlyRate, type RatePolicy } from "./rate.ts";
export { STORAGE_LIMITS, StorageAllowance, type StorageLimits, type StorageShares, type Storing } from "./allowance.ts";
export { audienceOf, channelRefusal, startChannels, type Audience, type ChannelRefusal } from "./start.ts";
export * from "./promotion/index.ts";
export { TokenBucket, type Rate } from "./token-bucket.ts";
