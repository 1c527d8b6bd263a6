/**
 * reach: how far envelopes are heard, as this peer knows it: the certificates that stand, where envelopes with topics alone
 * were heard, and what this peer does to let what its town endorses be heard elsewhere.
 */
export { ReachBook, type HeldCertificate, type ReachBookOptions } from "./book.ts";
export { HeardAt, type HeardAtOptions } from "./heard-at.ts";
