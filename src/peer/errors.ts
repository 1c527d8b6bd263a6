/** Codes that a call of PeerApi may reject with, beside those of drafts, wire and store. Stable. */
export type PeerErrorCode =
  | "CHECK_UNKNOWN"
  | "DRAFT_INVALID"
  | "FAULT_INVALID"
  | "FEED_UNKNOWN"
  | "FILE_UNREADABLE"
  | "HASH_INVALID"
  | "IDENTITY_DAMAGED"
  | "LOG_QUERY_INVALID"
  | "NODE_ID_INVALID"
  | "NOT_FOUND"
  | "OFFLINE"
  | "PEER_ENDED"
  | "PHRASE_INVALID"
  | "PROFILE_FROZEN"
  | "PROFILE_INVALID"
  | "SCOPE_INVALID"
  | "SETTING_INVALID"
  | "TIMEOUT"
  | "WATCH_UNKNOWN";

export class PeerError extends Error {
  override readonly name = "PeerError";
  readonly code: string;
  constructor(code: PeerErrorCode | (string & {}), message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
