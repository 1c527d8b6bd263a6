/** The part of `PeerApi` about an identity as one file. */
import type { Identity } from "../api.ts";

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

export interface BackupApi {
  /**
   * One file with profile, own posts and what belongs to them, curated feeds, following, trust, blocks, settings and drafts of this
   * identity, and its key. Without a passphrase whoever has a file with the key can write in this person's name.
   * @throws `PASSPHRASE_INVALID`, `BACKUP_TOO_LARGE`
   */
  exportBackup(options?: BackupOptions): Promise<Blob>;
  /**
   * Becomes the identity of a backup file, beside those that are here; nothing changes before the whole file is read and
   * checked. The peer starts anew.
   * @throws `BACKUP_FOREIGN`, `BACKUP_NEWER`, `BACKUP_DAMAGED`, `BACKUP_TOO_LARGE`, `BACKUP_BOUND`, `PASSPHRASE_NEEDED`,
   *   `PASSPHRASE_WRONG`, `WORDS_NEEDED`, `WORDS_WRONG`, `PHRASE_INVALID`, `IDENTITY_PRESENT` when it is here already and can be
   *   switched to
   */
  restoreBackup(file: Blob, options?: RestoreOptions): Promise<Identity>;
}
