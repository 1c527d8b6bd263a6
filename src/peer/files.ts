import { toHex } from "../wire/index.ts";
import { PeerError } from "./errors.ts";

/** What this room needs of the hash worker's client. */
export interface FileHashing {
  outboard(file: Blob, options: { signal?: AbortSignal | undefined }): Promise<{ root: Uint8Array; size: number }>;
  /** Ends the worker. */
  close(): void;
}

/** @throws PeerError `FILE_UNREADABLE`; the signal's reason */
export async function hashOfFile(hashing: FileHashing, file: Blob, signal: AbortSignal | undefined) {
  if (!(file instanceof Blob)) throw new PeerError("FILE_UNREADABLE", "This is not a file.");
  try {
    const { root, size } = await hashing.outboard(file, { signal });
    return { hash: toHex(root), size };
  } catch (cause) {
    signal?.throwIfAborted();
    throw new PeerError("FILE_UNREADABLE", "The file could not be read to its end.", { cause });
  }
}
