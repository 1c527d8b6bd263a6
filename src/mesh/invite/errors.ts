/**
 * Why an invite does not lead to a link. Stable, and safe to show.
 *
 * - `INVITE_MALFORMED`: no code at all, a part of one, or one of a later version.
 * - `INVITE_SIGNATURE_INVALID`: somebody changed it on its way, or made it up.
 * - `INVITE_EXPIRED`: its time is over, by the clock of this device, or newer ones have taken its place.
 * - `INVITE_USED`: it has led to a link, or to an attempt, already.
 * - `INVITE_UNKNOWN`: an answer to no offer of this run; a page that was loaded anew has forgotten its offers.
 * - `INVITE_OWN`: made by this peer itself.
 * - `INVITE_NOT_FOR_YOU`: addressed to somebody else.
 * - `INVITE_WRONG_KIND`: an offer where an answer belongs, or the other way round.
 * - `INVITE_FAILED`: the browsers found no way to each other, or this one gives no connection.
 */
export type InviteErrorCode =
  | "INVITE_MALFORMED"
  | "INVITE_SIGNATURE_INVALID"
  | "INVITE_EXPIRED"
  | "INVITE_USED"
  | "INVITE_UNKNOWN"
  | "INVITE_OWN"
  | "INVITE_NOT_FOR_YOU"
  | "INVITE_WRONG_KIND"
  | "INVITE_FAILED";

export class InviteError extends Error {
  override readonly name = "InviteError";
  readonly code: InviteErrorCode;
  constructor(code: InviteErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
