/** The files of an archive that lie beside its outbox, and what they may unpack to. */
import { ArrivalError } from "./errors.ts";
import { climbs, MAX_TEXT } from "./limits.ts";
import { filesInTar } from "./tar.ts";
import type { Zip } from "./zip.ts";

/** As large as a photograph is read from anywhere (src/app/media). */
export const MAX_FILE_BYTES = 67_108_864;

/** What comes of one file: its bytes, or the code of why there are none. */
export type Unpacked = Blob | ArrivalError;

export interface Archive {
  /** Bytes of a file; `null` where only reading it to its end would tell, `undefined` where it is not there. */
  sizeOf(path: string): number | null | undefined;
  /** One file by itself; `null` for an archive that only gives all of them, one after the other. */
  readonly one: ((path: string, signal: AbortSignal) => Promise<Blob>) | null;
  /**
   * These files, each when the one before was taken. One that is damaged, too large or a bomb does not keep back the others.
   * @param take false: no more of them
   * @throws ArrivalError where the archive cannot be read on; the signal's reason
   */
  each(
    paths: ReadonlySet<string>,
    take: (path: string, file: Unpacked) => Promise<boolean>,
    signal: AbortSignal,
  ): Promise<void>;
}

/** At the top of the archive, or in the one folder that it consists of. */
export function isOutbox(path: string): boolean {
  return /^(?:\.\/)?(?:[^/]+\/)?outbox\.json$/u.test(path);
}

/** What stands before the paths of everything beside this outbox. */
export function folderOf(outbox: string): string {
  return outbox.slice(0, -"outbox.json".length);
}

export function zipArchive(zip: Zip, folder: string): Archive {
  const one = async (path: string, signal: AbortSignal): Promise<Blob> => {
    signal.throwIfAborted();
    if (climbs(path)) throw new ArrivalError("ARCHIVE_PATHS", "A path leads out of the archive.");
    return await blobOf(zip.content(folder + path, MAX_FILE_BYTES), zip.sizeOf(folder + path) ?? 0, signal);
  };
  return {
    one,
    sizeOf: (path) => zip.sizeOf(folder + path),
    async each(paths, take, signal) {
      for (const path of paths) if (!(await take(path, await attempted(one(path, signal))))) return;
    },
  };
}

/** @param pieces the unpacked archive, from its beginning, each time it is asked for */
export function tarArchive(pieces: () => AsyncIterable<Uint8Array>, folder: string): Archive {
  return {
    one: null,
    sizeOf: () => null,
    async each(paths, take, signal) {
      const left = new Set(paths);
      const nameOf = (path: string): string => path.slice(folder.length);
      const wanted = (path: string): boolean => path.startsWith(folder) && left.has(nameOf(path));
      let missing = new ArrivalError("ARCHIVE_FOREIGN", "There is no such file.");
      try {
        for await (const { content, path, size } of filesInTar(pieces(), wanted)) {
          signal.throwIfAborted();
          left.delete(nameOf(path));
          if (!(await take(nameOf(path), await attempted(blobOf(content, size, signal))))) return;
          if (left.size === 0) return;
        }
      } catch (error) {
        // What comes behind the damage is lost, and what came before it is not.
        if (!isOfContent(error)) throw error;
        missing = error;
      }
      for (const path of left) if (!(await take(path, missing))) return;
    },
  };
}

/** What is wrong with one file; what is wrong with all of them is thrown. */
async function attempted(file: Promise<Blob>): Promise<Unpacked> {
  try {
    return await file;
  } catch (error) {
    if (isOfContent(error)) return error;
    throw error;
  }
}

function isOfContent(error: unknown): error is ArrivalError {
  return error instanceof ArrivalError && error.code !== "FILE_UNREADABLE";
}

async function blobOf(content: AsyncIterable<Uint8Array>, size: number, signal: AbortSignal): Promise<Blob> {
  if (size > MAX_FILE_BYTES) throw new ArrivalError("FILE_TOO_LARGE", "No picture is as large as this.");
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of content) {
    signal.throwIfAborted();
    parts.push(new Uint8Array(piece));
  }
  return new Blob(parts);
}

/** The outbox of a tar archive, and the folder in which it lies, known once its first piece is there. */
export async function* outboxInTar(
  source: AsyncIterable<Uint8Array>,
  found: (folder: string) => void,
): AsyncGenerator<Uint8Array> {
  for await (const { content, path, size } of filesInTar(source, isOutbox)) {
    if (size > MAX_TEXT) throw new ArrivalError("ARCHIVE_BOMB", "No text is as long as this.");
    found(folderOf(path));
    return yield* content;
  }
  throw new ArrivalError("ARCHIVE_FOREIGN", "What is looked for is not in this archive.");
}
