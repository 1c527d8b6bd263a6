/**
 * Links made by hand, without any server: one peer signs an offer, another answers it with a second code, and the two
 * browsers connect. The same signed halves travel between peers that introduce each other (`protocols/signal/`).
 *
 * `sdp.ts`, `session.ts`, `address.ts`, `codes.ts` and `text.ts` are pure; `invites.ts` holds what is open.
 */
export {
  codeHash,
  decodeHalf,
  expiryAfter,
  MAX_CODE_BYTES,
  signHalf,
  verifyHalf,
  type Answer,
  type Half,
  type Offer,
  type Sign,
} from "./codes.ts";
export type { AnswerEnd, Endpoints, OfferEnd } from "./endpoint.ts";
export { InviteError, type InviteErrorCode } from "./errors.ts";
export { Invites, type InvitesOptions } from "./invites.ts";
export { candidatesOf, sdpOf, sessionOf } from "./sdp.ts";
export type { Candidate, Session } from "./session.ts";
export { codeFromText, codeToText } from "./text.ts";
