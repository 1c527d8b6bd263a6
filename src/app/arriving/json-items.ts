import { ArrivalError } from "./errors.ts";

/** A post with all that servers say about it has some 3 kB; one of a feed that holds its pictures itself, megabytes. */
const MAX_ITEM = 16_777_216;
/** Names that are looked for are short; others need not be known. */
const MAX_NAME = 64;

export interface JsonItem {
  /** Which of the lists it is from. */
  readonly list: string;
  readonly value: unknown;
}

/**
 * Cuts the objects out of lists at the top of a JSON document, piece by piece: an archive of 50,000 posts never lies in memory as
 * a whole. What is not in one of these lists is passed over unread.
 */
export class JsonItems {
  readonly #lists: ReadonlySet<string>;
  /** Objects that were too long to be read. */
  skipped = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** The string at the top of the document that is being read or was read last, while it may be a name. */
  #name = "";
  #list: string | null = null;
  /** What of the present item has been seen; `null` outside of one. */
  #item: string[] | null = null;
  #length = 0;
  #begun = false;

  constructor(lists: readonly string[]) {
    this.#lists = new Set(lists);
  }

  /** Takes the next piece of the document. @throws ArrivalError `FILE_DAMAGED` */
  push(text: string): JsonItem[] {
    const found: JsonItem[] = [];
    let from = 0;
    for (let at = 0; at < text.length; at++) {
      if (this.#inString) {
        at = this.#string(text, at);
        continue;
      }
      switch (text.charCodeAt(at)) {
        case 0x22: // "
          this.#inString = true;
          if (this.#depth === 1) this.#name = "";
          break;
        case 0x7b: // {
        case 0x5b: // [
          this.#opened(text[at] === "[");
          if (this.#item === null && this.#depth === 3 && this.#list !== null && text[at] === "{") {
            this.#item = [];
            this.#length = 0;
            from = at;
          }
          break;
        case 0x7d: // }
        case 0x5d: // ]
          if (this.#depth === 0) throw damaged();
          this.#depth--;
          if (this.#depth === 2 && this.#item !== null) {
            this.#keep(text.slice(from, at + 1));
            this.#end(found);
          } else if (this.#depth === 1) this.#list = null;
          break;
        default:
          break;
      }
    }
    if (this.#item !== null) this.#keep(text.slice(from));
    return found;
  }

  /** The document has ended. @throws ArrivalError `FILE_DAMAGED` when it was cut off */
  end(): void {
    if (!this.#begun || this.#depth !== 0 || this.#inString) throw damaged();
  }

  /** Reads on inside a string; gives the place of its last sign in this piece. */
  #string(text: string, from: number): number {
    for (let at = from; at < text.length; at++) {
      if (this.#escaped) {
        this.#escaped = false;
        continue;
      }
      const sign = text.charCodeAt(at);
      if (sign === 0x5c) this.#escaped = true;
      else if (sign === 0x22) {
        if (this.#depth === 1 && this.#name.length < MAX_NAME) this.#name += text.slice(from, at);
        this.#inString = false;
        return at;
      }
    }
    if (this.#depth === 1 && this.#name.length < MAX_NAME) this.#name += text.slice(from, from + MAX_NAME);
    return text.length;
  }

  #opened(isList: boolean): void {
    this.#depth++;
    this.#begun = true;
    if (this.#depth === 2) this.#list = isList && this.#lists.has(this.#name) ? this.#name : null;
  }

  #keep(text: string): void {
    this.#length += text.length;
    if (this.#length <= MAX_ITEM) this.#item?.push(text);
  }

  #end(found: JsonItem[]): void {
    const parts = this.#item ?? [];
    this.#item = null;
    if (this.#length > MAX_ITEM) {
      this.skipped++;
      return;
    }
    try {
      found.push({ list: this.#list ?? "", value: JSON.parse(parts.join("")) as unknown });
    } catch (cause) {
      throw damaged(cause);
    }
  }
}

function damaged(cause?: unknown): ArrivalError {
  return new ArrivalError("FILE_DAMAGED", "This is not JSON to its end.", { cause });
}
