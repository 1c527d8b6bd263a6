/**
 * promotion: who may have an envelope without evidence, what opens wider channels to it, and whether that evidence holds
 * (docs/protocol.md, "Promotion"). Pure: whoever receives decides by itself, from bytes and the time alone.
 */
export { AskedTargets } from "./asked.ts";
export {
  chosenAt,
  isBoostOf,
  isFresh,
  missingEvidence,
  readEvidence,
  type EvidenceItem,
  type EvidenceRefusal,
  type Promotable,
  type ReadEvidence,
} from "./evidence.ts";
export { levelOf, parentOf, RECEIPTS_NEEDED, upwardsOf } from "./levels.ts";
export { concerns, endOf, opensScope, opensTarget, type Reach, type ReachStep } from "./opening.ts";
export { certificateRefusal, standing, type CertificateRefusal, type Standing, type Verify } from "./standing.ts";
export { planPromotions, type Endorsement, type PlanInput, type PlannedPromotion } from "./plan.ts";
export { coversByStart, isStart, mayStartFor, placeOf, sameScope, type ReachTarget, type Scoped } from "./start-set.ts";
