/**
 * finding: what is not held here and belongs to what a person opens (the envelope of an address, answers, boosts,
 * references, curated feeds, profiles of people far away), asked of neighbours and of those whom the DHT names, merged and
 * checked; and the answers to others who look for something. `Findings` is small and always there; the rest is loaded when
 * it is needed.
 */
export type { CurationView, FindingApi, FindingView, FindQuery, FindView } from "./api.ts";
export type { CoveredTarget } from "./covered.ts";
export type { Finder, FindOptions, Found } from "./finder.ts";
export { Findings } from "./findings.ts";
