/** Every way in which bytes or an object can break the protocol. Stable: peers count them, the app translates them. */
export type WireErrorCode =
  /** More bytes than the type allows; found before anything is decoded. */
  | "TOO_LARGE"
  | "TRUNCATED"
  | "TRAILING_BYTES"
  /** CBOR outside the deterministic subset: long heads, indefinite lengths, maps, tags, floats, negative numbers. */
  | "NOT_CANONICAL"
  | "TYPE_UNKNOWN"
  /** A known type, but not the one that belongs here. */
  | "TYPE_UNEXPECTED"
  | "FIELD_COUNT"
  | "FIELD_TYPE"
  | "FIELD_LENGTH"
  | "NUMBER_RANGE"
  /** Not UTF-8, or a string with a lone surrogate. */
  | "TEXT_MALFORMED"
  | "TEXT_TOO_LONG"
  /** An optional text is `null` or has characters, so that absence has one spelling. */
  | "TEXT_EMPTY"
  | "LIST_TOO_LONG"
  | "LIST_EMPTY"
  /** Not a scope in its normal form, or not text that can be made one. */
  | "SCOPE_INVALID"
  | "SCOPE_COUNT"
  | "SCOPE_SIZE"
  | "SCOPE_DUPLICATE"
  | "BOOST_HAS_POST"
  | "BOOST_HAS_SUMMARY"
  | "BOOST_HAS_SIZE"
  | "POST_MISSING"
  | "REPLY_AND_BOOST"
  | "ENTRY_DUPLICATE"
  | "VARIANT_DUPLICATE"
  | "VARIANT_ORDER"
  | "DIMENSIONS_PARTIAL"
  | "PARTIES_SAME"
  | "PARTIES_ORDER"
  /** The object does not carry its parties' keys and the caller did not give them. */
  | "PARTIES_UNKNOWN"
  | "CHALLENGE_INTERVAL"
  | "KICKBACK_RECIPIENT"
  | "KICKBACK_OVER_AMOUNT"
  | "LEVEL_SCOPE"
  /** A promoted message whose certificate is for another envelope. */
  | "ENVELOPE_MISMATCH"
  | "EVIDENCE_COUNT"
  | "EVIDENCE_DUPLICATE"
  | "CLAIM_EXPIRY"
  | "SIGNATURE_MISSING"
  /** The signer is not the one whom the object names. */
  | "SIGNER_MISMATCH"
  | "NODE_ID_INVALID"
  | "PHRASE_INVALID"
  | "HEX_INVALID";

/** Thrown by everything in this room. `field` names the field at fault as types.ts spells it, `null` where none is. */
export class WireError extends Error {
  override readonly name = "WireError";
  readonly code: WireErrorCode;
  readonly field: string | null;
  constructor(code: WireErrorCode, field: string | null, detail: string, options?: { cause?: unknown }) {
    super(field === null ? detail : `${field}: ${detail}`, options);
    this.code = code;
    this.field = field;
  }
}
