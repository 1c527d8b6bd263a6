export const DEVICE_PROTOCOL = "/mehr/device/1";

/** Why the giver ends it. */
export const Refusal = {
  /** There is no such code, or it was used or is over. */
  spent: 0,
  /** The person has said no. */
  no: 1,
  /** It gave up, or something failed there. */
  ended: 2,
} as const;
