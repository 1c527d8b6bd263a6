/** The part of `PeerApi` about an identity as one file. */
import type { Identity, NodeId } from "../api.ts";

export interface BackupOptions {
  /** Default: none, and whoever has the file can read what is in it. */
  readonly passphrase?: string;
  /** Whether the key goes with it. Without it, the 24 words are needed beside the file. Default: it does. */
  readonly keys?: boolean;
  readonly signal?: AbortSignal;
}

export interface RestoreOptions {
  readonly passphrase?: string;
  /** The 24 words, for a file without a key. */
  readonly words?: string;
  /** What `receiveDevice` gave with the file. */
  readonly key?: Uint8Array;
  readonly signal?: AbortSignal;
}

export interface MergeOptions extends Pick<RestoreOptions, "passphrase" | "signal"> {
  /** Whether settings of the file take the place of those here. Default: those here stay. */
  readonly settings?: boolean;
}

/** What of a backup of the present identity is not here. */
export interface BackupAdds {
  readonly id: NodeId;
  /** Own posts and boosts. */
  readonly posts: number;
  readonly drafts: number;
  /** Drafts that are here in an older version. */
  readonly newerDrafts: number;
  /** Drafts for which there is no room. */
  readonly draftsLeftOut: number;
  /** Posts from elsewhere that wait to be published there: here they are held (`resumeArrivals`). */
  readonly arrivals: number;
  /** Those for which there is no room. */
  readonly arrivalsLeftOut: number;
  /** Those of a file without a key and without a seal, which anybody may have written: none of them is taken. */
  readonly arrivalsUnproven: number;
  /** Whether the profile of the file is newer. */
  readonly profile: boolean;
  /** Own curated feeds that are new, or newer. */
  readonly curated: number;
  readonly following: number;
  readonly trust: number;
  readonly blocks: number;
  readonly mutes: number;
  readonly flags: number;
  readonly feeds: number;
  /** Whether settings of the file are others than those here. */
  readonly settings: boolean;
}

export interface BackupApi {
  /**
   * One file with profile, own posts and what belongs to them, curated feeds, following, trust, blocks, settings, drafts and posts
   * that wait to be published (`addArrivals`) of this identity, and its key. Without a passphrase whoever has a file with the key can
   * write in this person's name.
   * @throws `PASSPHRASE_INVALID`, `BACKUP_TOO_LARGE`
   */
  exportBackup(options?: BackupOptions): Promise<Blob>;
  /**
   * Becomes the identity of a backup file, beside those that are here; nothing changes before the whole file is read and
   * checked. What waits to be published is held until `resumeArrivals`. The peer starts anew.
   * @throws `BACKUP_FOREIGN`, `BACKUP_NEWER`, `BACKUP_DAMAGED`, `BACKUP_TOO_LARGE`, `BACKUP_BOUND`, `PASSPHRASE_NEEDED`,
   *   `PASSPHRASE_WRONG`, `WORDS_NEEDED`, `WORDS_WRONG`, `PHRASE_INVALID`, `IDENTITY_PRESENT` when it is here already and can be
   *   switched to
   */
  restoreBackup(file: Blob, options?: RestoreOptions): Promise<Identity>;
  /**
   * What of a backup of this identity is not here, without taking it. A file without a key needs no words for that.
   * @throws `BACKUP_OTHER` for a file of another identity, and as `restoreBackup`
   */
  previewMerge(file: Blob, options?: MergeOptions): Promise<BackupAdds>;
  /**
   * Takes what of a backup of the present identity is not here: nothing that is here goes, and of two versions the newer one is
   * kept. Nothing changes before the whole file is read and checked. The peer starts anew.
   * @throws as `previewMerge`, and `LOCKED`
   */
  mergeBackup(file: Blob, options?: MergeOptions): Promise<BackupAdds>;
}
