/**
 * Why a file gives no posts. Stable, and each has a sentence of its own.
 *
 * - `FILE_EMPTY`: no bytes at all. `FILE_UNREADABLE`: the browser could not read it to its end.
 * - `FILE_UNKNOWN`: none of the forms that are read here.
 * - `FILE_TOO_LARGE`: more than a page can take in.
 * - `FILE_ENCODING`: bytes that are no text in the encoding that the file names, or one that browsers do not know.
 * - `FILE_DAMAGED`: broken off, or not well formed.
 * - `FILE_ENTITIES`: a document type with declarations of its own, which no feed needs and bombs are made of.
 * - `FILE_NO_POSTS`: well formed, and nothing in it that could become a post.
 * - `ARCHIVE_DAMAGED`: an archive that was cut off or altered, or is packed in a way that is not read here.
 * - `ARCHIVE_ENCRYPTED`: its files are under a passphrase.
 * - `ARCHIVE_PATHS`: a name in it leads out of the archive: whoever made it is up to something.
 * - `ARCHIVE_BOMB`: it unpacks to far more than any text does.
 * - `ARCHIVE_FOREIGN`: no `outbox.json` in it.
 */
export type ArrivalErrorCode =
  | "FILE_EMPTY"
  | "FILE_UNREADABLE"
  | "FILE_UNKNOWN"
  | "FILE_TOO_LARGE"
  | "FILE_ENCODING"
  | "FILE_DAMAGED"
  | "FILE_ENTITIES"
  | "FILE_NO_POSTS"
  | "ARCHIVE_DAMAGED"
  | "ARCHIVE_ENCRYPTED"
  | "ARCHIVE_PATHS"
  | "ARCHIVE_BOMB"
  | "ARCHIVE_FOREIGN";

export class ArrivalError extends Error {
  override readonly name = "ArrivalError";
  readonly code: ArrivalErrorCode;
  constructor(code: ArrivalErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
