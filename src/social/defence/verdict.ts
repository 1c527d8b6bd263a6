/** Why something is not simply shown. Stable. */
export type ReasonCode =
  | "PERSON_MUTED"
  | "WORD_MUTED"
  | "SCOPE_MUTED"
  | "THREAD_MUTED"
  | "KIND_MUTED"
  /** This person has said of posts by the author that they were not worth reading. */
  | "AUTHOR_FLAGGED"
  /** Pictures or other media that may be more than somebody wants to see unasked. */
  | "MEDIA_COVERED"
  /** It came here on the word of those who vouched for somebody whom this person has turned away. */
  | "VOUCHER_DOUBTED";

export interface DefenceReason {
  readonly code: ReasonCode;
  /** What it goes by, as this person entered it: the word, the key of the scope, the NodeID, the hash, the kind. */
  readonly by: string | null;
}

/**
 * What becomes of an envelope on this person's screens. `covered`: its place is kept, and one press shows it; `what` says
 * whether all of it lies under the cover or its media alone. `hidden`: lists leave it out, and count it out.
 */
export type Verdict =
  | { readonly kind: "shown" }
  | { readonly kind: "covered"; readonly what: "post" | "media"; readonly reason: DefenceReason }
  | { readonly kind: "hidden"; readonly reason: DefenceReason };

export const SHOWN: Verdict = { kind: "shown" };

export function hidden(code: ReasonCode, by: string | null = null): Verdict {
  return { kind: "hidden", reason: { code, by } };
}

export function covered(what: "post" | "media", code: ReasonCode, by: string | null = null): Verdict {
  return { kind: "covered", what, reason: { code, by } };
}
