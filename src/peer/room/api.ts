/** What `PeerApi` says about the room on this device. */

export interface StorageView {
  readonly envelopes: number;
  readonly envelopeBytes: number;
  readonly objects: number;
  readonly objectBytes: number;
  /** From `navigator.storage.estimate()`; `null` where the browser does not tell. */
  readonly quota: number | null;
  readonly used: number | null;
  /** Whether the browser promised not to evict. */
  readonly persisted: boolean;
  /** Bytes that may be dropped when there is no room, by kind: what was fetched, and posts of others. */
  readonly collectable: { readonly objects: number; readonly blobs: number; readonly envelopes: number };
  /** What was dropped to make room since the peer started. */
  readonly collected: FreedStorage;
  /** Records that could not be read back so far; `lost`: those of which something is still missing. */
  readonly damaged: { readonly records: number; readonly lost: number };
}

/** How many were dropped, and how many bytes they had. */
export interface FreedStorage {
  readonly objects: number;
  readonly blobs: number;
  readonly envelopes: number;
  readonly bytes: number;
}
