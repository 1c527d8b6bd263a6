import { LIMITS, scopeWithin, type PostEnvelope, type PromotionCertificate, type Scope } from "../../wire/index.ts";
import { placeOf, sameScope, type ReachTarget } from "./start-set.ts";

type Opening = Pick<PromotionCertificate, "scope">;

/** Whether a certificate for this scope has anything to do with the envelope: an ancestor of its place, or of a topic of it. */
export function concerns({ scope }: Opening, envelope: Pick<PostEnvelope, "scopes">): boolean {
  if (scope.kind === "topic") return envelope.scopes.some((own) => scopeWithin(own, scope));
  const place = placeOf(envelope);
  return place !== undefined && scopeWithin(place, scope) && !sameScope(place, scope);
}

/** Whether it opens the channel of `wider`: a place exactly, a topic with everything above it. */
export function opensScope({ scope }: Opening, wider: Scope): boolean {
  return scope.kind === "topic" ? scopeWithin(scope, wider) : sameScope(scope, wider);
}

/** Whether it lets a subscription to this target have the envelope. */
export function opensTarget(certificate: Opening, target: ReachTarget): boolean {
  return target.kind === "scope" && opensScope(certificate, target.scope);
}

/** The moment from which a certificate of this date carries nothing any more. */
export function endOf({ created }: Pick<PromotionCertificate, "created">): number {
  return created + LIMITS.certificateLifetimeMs;
}
