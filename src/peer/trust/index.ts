/** Whom this person trusts: kept here, told to nobody, and what may leave this peer for them alone. */
export { Trust, type Trusted } from "./trust.ts";
export { Deliveries } from "./deliveries.ts";
export { NeighbourPosts } from "./neighbour-posts.ts";
export { trustedViews } from "./views.ts";
export type { TrustApi, TrustedView } from "./api.ts";
