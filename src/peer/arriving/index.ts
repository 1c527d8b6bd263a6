/**
 * arriving: posts that were written elsewhere, published here in their order and at the pace that others accept. Loaded where
 * something waits or is given.
 */
export { Arriving } from "./arriving.ts";
export { arrivalWatches } from "./watches.ts";
