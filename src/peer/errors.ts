/** Codes that a call of PeerApi may reject with, beside those of drafts, wire and store. Stable. */
export type PeerErrorCode =
  | "ARGUMENT_INVALID"
  | "AVATAR_INVALID"
  | "BACKUP_DAMAGED"
  | "BACKUP_FOREIGN"
  | "BACKUP_NEWER"
  | "BACKUP_TOO_LARGE"
  | "AUTHOR_BLOCKED"
  | "BLOCKS_FULL"
  | "BLOCK_OWN"
  | "BOOST_OWN"
  | "CHECK_UNKNOWN"
  | "DRAFT_INVALID"
  | "FAULT_INVALID"
  | "FEEDS_FULL"
  | "FEED_FIXED"
  | "FEED_INVALID"
  | "FEED_UNKNOWN"
  | "FILE_UNREADABLE"
  | "FIND_INVALID"
  | "HASH_INVALID"
  | "HISTORY_PENDING"
  | "IDENTITY_DAMAGED"
  | "IDENTITY_LAST"
  | "IDENTITY_PRESENT"
  | "IDENTITY_UNKNOWN"
  | "LOCKED"
  | "LOG_QUERY_INVALID"
  | "NODE_ID_INVALID"
  | "NOT_FOUND"
  | "OFFLINE"
  | "PASSKEY_WRONG"
  | "PASSPHRASE_INVALID"
  | "PASSPHRASE_NEEDED"
  | "PASSPHRASE_WRONG"
  | "PEER_ENDED"
  | "PHRASE_INVALID"
  | "PROFILE_EXHAUSTED"
  | "PROFILE_FROZEN"
  | "PROFILE_INVALID"
  | "RECORD_DAMAGED"
  | "SCOPE_INVALID"
  | "SETTING_INVALID"
  | "STRETCH_FAILED"
  | "TIMEOUT"
  | "TRUST_BLOCKED"
  | "TRUST_FULL"
  | "TRUST_OWN"
  | "VALUE_UNSEALABLE"
  | "VAULT_DAMAGED"
  | "WATCH_UNKNOWN"
  | "WAY_INVALID"
  | "WAY_UNKNOWN";

export class PeerError extends Error {
  override readonly name = "PeerError";
  readonly code: string;
  constructor(code: PeerErrorCode | (string & {}), message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
