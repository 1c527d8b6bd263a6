/**
 * promotion: who may have an envelope without evidence, what opens wider channels to it, and whether that evidence holds
 * (docs/protocol.md, "Promotion"). Pure: whoever receives decides by itself, from bytes and the time alone.
 */
export { AskedTargets } from "./asked.ts";
export { chosenAt, isBoostOf, missingEvidence, type EvidenceItem, type Promotable } from "./evidence.ts";
export { levelOf, upwardsOf } from "./levels.ts";
export { endOf, opensScope, opensTarget } from "./opening.ts";
export { planPromotions, type Endorsement, type PlannedPromotion } from "./plan.ts";
export { certificateRefusal, standing, type CertificateRefusal, type Standing, type Verify } from "./standing.ts";
export {
  Doubts,
  giverOf,
  isBelieved,
  NOBODY_DOUBTED,
  vouchersOf,
  type Doubt,
  type Doubted,
  type Vouching,
} from "./vouching.ts";
export { Vouches } from "./vouches.ts";
export { coversByStart, isStart, mayStartFor, placeOf, type ReachTarget, type Scoped } from "./start-set.ts";
