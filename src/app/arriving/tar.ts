/** Files out of a tar archive (POSIX ustar, pax and GNU), as its bytes come by. */
import { ArrivalError } from "./errors.ts";
import { climbs } from "./limits.ts";

const BLOCK = 512;
/** A name that is longer than a header has room for; nobody's is. */
const MAX_LONG_NAME = 65_536;

/** Takes bytes as they come and gives them in the lengths that are asked for. */
class Bytes {
  readonly #source: AsyncIterator<Uint8Array>;
  #held: Uint8Array = new Uint8Array();

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Up to `most` bytes, at least one; `null` at the end. */
  async some(most: number): Promise<Uint8Array | null> {
    while (this.#held.length === 0) {
      const { done, value } = await this.#source.next();
      if (done === true) return null;
      this.#held = value;
    }
    const taken = this.#held.subarray(0, most);
    this.#held = this.#held.subarray(taken.length);
    return taken;
  }

  /** Just so many; `null` at the end. @throws ArrivalError `ARCHIVE_DAMAGED` when it ends in between */
  async exactly(length: number): Promise<Uint8Array | null> {
    const whole = new Uint8Array(length);
    for (let at = 0; at < length;) {
      const part = await this.some(length - at);
      if (part === null) {
        if (at === 0) return null;
        throw damaged("it is cut off");
      }
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  async skip(length: number): Promise<void> {
    for (let left = length; left > 0;) {
      const part = await this.some(left);
      if (part === null) throw damaged("it is cut off");
      left -= part.length;
    }
  }

  async close(): Promise<void> {
    await this.#source.return?.();
  }
}

/** Whether this block may be the first of such an archive. */
export function isTar(block: Uint8Array): boolean {
  return block.length >= BLOCK && headerOf(block.subarray(0, BLOCK)) !== null;
}

export interface TarFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Its bytes, in pieces, until the next file is asked for. */
  readonly content: AsyncGenerator<Uint8Array>;
}

/**
 * The files for whose paths `wanted` holds, in the order of the archive.
 * @throws ArrivalError `ARCHIVE_DAMAGED`, `ARCHIVE_PATHS`, and what the source throws
 */
export async function* filesInTar(
  source: AsyncIterable<Uint8Array>,
  wanted: (path: string) => boolean,
): AsyncGenerator<TarFile> {
  const bytes = new Bytes(source);
  try {
    let named: string | null = null;
    for (;;) {
      const block = await bytes.exactly(BLOCK);
      if (block === null || block.every((byte) => byte === 0)) return;
      const header = headerOf(block);
      if (header === null) throw damaged("a header");
      const { size, type } = header;
      const padding = (BLOCK - (size % BLOCK)) % BLOCK;
      if (type === "L" || type === "x") {
        if (size > MAX_LONG_NAME) throw damaged("a name");
        const long = await bytes.exactly(size);
        await bytes.skip(padding);
        const text = new TextDecoder().decode(long ?? new Uint8Array());
        named = type === "L" ? text.replace(/\0.*$/su, "") : (paxPath(text) ?? named);
        continue;
      }
      const path = named ?? header.path;
      named = null;
      if (climbs(path)) throw new ArrivalError("ARCHIVE_PATHS", "A path leads out of the archive.");
      const left = { bytes: size };
      if ((type === "0" || type === "\0") && wanted(path)) yield { path, size, content: content(bytes, left) };
      await bytes.skip(left.bytes + padding);
    }
  } finally {
    await bytes.close();
  }
}

/** @param left how many bytes of the file have not been read yet */
async function* content(bytes: Bytes, left: { bytes: number }): AsyncGenerator<Uint8Array> {
  while (left.bytes > 0) {
    const part = await bytes.some(left.bytes);
    if (part === null) throw damaged("it is cut off");
    left.bytes -= part.length;
    yield part;
  }
}

interface Header {
  readonly path: string;
  readonly size: number;
  readonly type: string;
}

/** `null` for a block that is none: its sum is wrong. */
function headerOf(block: Uint8Array): Header | null {
  // The sum is made with spaces where it stands itself.
  const sum = block.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 0x20 : byte), 0);
  if (octal(block.subarray(148, 156)) !== sum) return null;
  const size = octal(block.subarray(124, 136));
  if (size === null) return null;
  const isUstar = text(block.subarray(257, 262)) === "ustar";
  const prefix = isUstar ? text(block.subarray(345, 500)) : "";
  const name = text(block.subarray(0, 100));
  return { path: prefix === "" ? name : `${prefix}/${name}`, size, type: String.fromCharCode(block[156] ?? 0) };
}

/** GNU's way to write sizes beyond eight GiB is not read: no text is as long as that, and pictures are not. */
function octal(field: Uint8Array): number | null {
  const digits = text(field).trim();
  return /^[0-7]{1,12}$/u.test(digits) ? Number.parseInt(digits, 8) : null;
}

function text(field: Uint8Array): string {
  const end = field.indexOf(0);
  return new TextDecoder().decode(end === -1 ? field : field.subarray(0, end));
}

/** `length key=value` and a line feed, again and again (POSIX pax). */
function paxPath(records: string): string | null {
  return /(?:^|\n)\d{1,6} path=([^\n]*)\n/u.exec(records)?.[1] ?? null;
}

function damaged(what: string): ArrivalError {
  return new ArrivalError("ARCHIVE_DAMAGED", `This archive is damaged: ${what}.`);
}
