import { ArrivalError } from "./errors.ts";

/** Where a declaration of XML stands, if there is one. */
const DECLARATION_BYTES = 256;

/**
 * The text of a file in the encoding that its first bytes tell (a byte order mark, or the declaration of XML), else in UTF-8. Bytes
 * that are none in that encoding are an error: half a text with wrong letters would be published as if it were right.
 * @throws ArrivalError `FILE_ENCODING`
 */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new ArrivalError("FILE_ENCODING", "These bytes are no text in the encoding that the file names.", { cause });
  }
}

function encodingOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return "utf-8";
  // All that a declaration may be written in has the same bytes for its letters.
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, DECLARATION_BYTES));
  return /^\s*<\?xml[^>]*\sencoding\s*=\s*["']([a-z0-9._:-]{1,40})["']/iu.exec(start)?.[1] ?? "utf-8";
}

/** Text in UTF-8 that comes in pieces. @throws ArrivalError `FILE_ENCODING` */
export class Utf8Pieces {
  readonly #decoder = new TextDecoder("utf-8", { fatal: true });

  push(bytes: Uint8Array): string {
    return this.#decode(() => this.#decoder.decode(bytes, { stream: true }));
  }

  end(): string {
    return this.#decode(() => this.#decoder.decode());
  }

  #decode(decode: () => string): string {
    try {
      return decode();
    } catch (cause) {
      throw new ArrivalError("FILE_ENCODING", "These bytes are no text in UTF-8.", { cause });
    }
  }
}
