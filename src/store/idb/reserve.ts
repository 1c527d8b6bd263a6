import { StoreError } from "../errors.ts";
import type { Connection } from "./connection.ts";

/**
 * Pieces of room that are put by, so that what a person wrote still fits when the browser has no more: Chromium frees a
 * file at once, and nothing else (docs/storage.md, "Room"). A piece is larger than any post or draft.
 */
export const PIECE_BYTES = 1024 * 1024;
const PIECES = 4;
/** `crypto.getRandomValues` gives no more at a time. */
const RANDOM_BYTES = 65_536;

export class Reserve {
  readonly #connection: Connection;
  readonly #randomBytes: (length: number) => Uint8Array;

  readonly #pieceBytes: number;

  constructor(connection: Connection, randomBytes: (length: number) => Uint8Array, pieceBytes: number) {
    this.#connection = connection;
    this.#pieceBytes = pieceBytes;
    this.#randomBytes = randomBytes;
  }

  /** Puts by what is missing, as far as there is room. @throws StoreError */
  async fill(): Promise<void> {
    const held = new Set(await this.#pieces());
    for (let piece = 0; piece < PIECES; piece += 1) {
      if (held.has(piece)) continue;
      try {
        // Random, or the browser would keep next to nothing of it.
        const parts: Uint8Array<ArrayBuffer>[] = [];
        for (let left = this.#pieceBytes; left > 0; left -= RANDOM_BYTES) {
          parts.push(new Uint8Array(this.#randomBytes(Math.min(left, RANDOM_BYTES))));
        }
        const bytes = new Blob(parts);
        await this.#connection.write(["reserve"], "relaxed", (writing) =>
          writing.objectStore("reserve").put(bytes, piece),
        );
      } catch (fault) {
        // No room for a reserve is what it is for: the next attempt comes after something was freed.
        if (fault instanceof StoreError && fault.code === "STORE_QUOTA") return;
        throw fault;
      }
    }
  }

  /** Lets go of one piece. @returns whether there was one left @throws StoreError */
  async release(): Promise<boolean> {
    const [piece] = await this.#pieces();
    if (piece === undefined) return false;
    await this.#connection.write(["reserve"], "relaxed", (writing) => writing.objectStore("reserve").delete(piece));
    return true;
  }

  #pieces(): Promise<number[]> {
    return this.#connection.read(["reserve"], (reading) => reading.objectStore("reserve").getAllKeys());
  }
}
