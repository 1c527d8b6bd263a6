/**
 * reach: how far envelopes are heard, as this peer knows it (the certificates that stand, and where envelopes with topics
 * alone were heard), and what it does to let what its town endorses be heard elsewhere.
 */
export type { HeardView, ReachApi, ReachStepView, ReachView, VoucherView } from "./api.ts";
export { Boosting } from "./boosting.ts";
export { ReachBook, type HeldCertificate, type ReachBookOptions } from "./book.ts";
export { HeardAt, type HeardAtOptions, type HeardEnvelope } from "./heard-at.ts";
export { Reaching, type ReachingLinks, type ReachingOptions } from "./reaching.ts";
export { ReachViews, UNHEARD } from "./views.ts";
