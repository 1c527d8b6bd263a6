import type { PromotionLevel, Scope } from "../../wire/index.ts";

/** Of a place, by the number of its segments less one; four and more are a town or something within it. */
const OF_PLACE: readonly PromotionLevel[] = ["global", "country", "region", "city"];

/** How wide a channel the scope stands for. */
export function levelOf(scope: Scope): PromotionLevel {
  if (scope.kind === "topic") return "topic";
  return OF_PLACE[Math.min(scope.segments.length, OF_PLACE.length) - 1] as PromotionLevel;
}

/** Distinct readers whose receipts open a channel of this level (protocol section 4). */
export const RECEIPTS_NEEDED: Readonly<Record<PromotionLevel, number>> = {
  topic: 3,
  city: 3,
  region: 10,
  country: 50,
  global: 250,
};

/** The next wider place; `null` above the widest. */
export function parentOf(scope: Scope): Scope | null {
  return scope.segments.length < 2 ? null : { kind: scope.kind, segments: scope.segments.slice(0, -1) };
}

/** The scope itself and everything above it, from the narrowest to the widest. */
export function upwardsOf(scope: Scope): Scope[] {
  return scope.segments.map((_, at) => ({
    kind: scope.kind,
    segments: scope.segments.slice(0, scope.segments.length - at),
  }));
}
