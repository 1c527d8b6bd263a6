/**
 * Files out of a ZIP archive (PKWARE APPNOTE 6.3.10), found through the list at its end: an archive of gigabytes of pictures is
 * not read for the text in it. ZIP64 is read, since such archives are as large as that.
 */
import { Inflate } from "fflate";
import { ArrivalError } from "./errors.ts";
import { bombWatch, climbs } from "./limits.ts";

const LIST_END = 0x0605_4b50;
const LIST_END_64_PLACE = 0x0706_4b50;
const LIST_END_64 = 0x0606_4b50;
const LISTED = 0x0201_4b50;
const LOCAL = 0x0403_4b50;
const LIST_END_BYTES = 22;
const LISTED_BYTES = 46;
const LOCAL_BYTES = 30;
const MAX_COMMENT = 65_535;
/** 200,000 files with names of 100 characters: an archive with three pictures for each of 50,000 posts. */
const MAX_LIST = 33_554_432;
const FULL = 0xffff_ffff;
const STORED = 0;
const DEFLATED = 8;
/** Deflate makes at most 1,032 bytes of one: 16 MiB of these, which is what may come of one piece. */
const PIECE = 16_384;
const STORED_PIECE = 262_144;

interface Entry {
  readonly method: number;
  readonly encrypted: boolean;
  readonly packed: number;
  readonly unpacked: number;
  readonly at: number;
}

/** Whether these bytes may be the beginning of such an archive. */
export function isZip(start: Uint8Array): boolean {
  if (start.length < 4) return false;
  const sign = new DataView(start.buffer, start.byteOffset).getUint32(0, true);
  return sign === LOCAL || sign === LIST_END;
}

/** The files of an archive, none of which is unpacked before it is asked for. */
export class Zip {
  readonly #file: Blob;
  readonly #list: DataView;
  /** Where in the list each one stands; the first of those with the same path. */
  readonly #places: ReadonlyMap<string, number>;

  private constructor(file: Blob, list: DataView, places: ReadonlyMap<string, number>) {
    this.#file = file;
    this.#list = list;
    this.#places = places;
  }

  /** @throws ArrivalError `ARCHIVE_DAMAGED`, `ARCHIVE_PATHS`, `FILE_UNREADABLE` */
  static async open(file: Blob): Promise<Zip> {
    const { at, count, length } = await listOf(file);
    if (length > MAX_LIST) throw damaged("the length of its list");
    const list = await view(file, at, length);
    return new Zip(file, list, placesIn(list, count));
  }

  paths(): Iterable<string> {
    return this.#places.keys();
  }

  /** Bytes of a file, as the list says; `undefined` for one that is not there. */
  sizeOf(path: string): number | undefined {
    return this.#entry(path)?.unpacked;
  }

  /**
   * The bytes of one file, in pieces.
   * @param most bytes that it may have
   * @throws ArrivalError `ARCHIVE_DAMAGED`, `ARCHIVE_ENCRYPTED`, `ARCHIVE_BOMB`, `ARCHIVE_FOREIGN`, `FILE_UNREADABLE`
   */
  async *content(path: string, most: number): AsyncGenerator<Uint8Array> {
    const file = this.#file;
    const entry = this.#entry(path);
    if (entry === undefined) throw new ArrivalError("ARCHIVE_FOREIGN", "What is looked for is not in this archive.");
    if (entry.encrypted) throw new ArrivalError("ARCHIVE_ENCRYPTED", "The files of this archive are encrypted.");
    if (entry.method !== STORED && entry.method !== DEFLATED) throw damaged("a way of packing that is not known here");
    const local = await view(file, entry.at, LOCAL_BYTES);
    if (local.getUint32(0, true) !== LOCAL) throw damaged("a file is not where the list says");
    const from = entry.at + LOCAL_BYTES + local.getUint16(26, true) + local.getUint16(28, true);
    const watch = bombWatch(most);
    let unpacked = 0;
    for await (const piece of entry.method === DEFLATED ? inflated(file, from, entry) : stored(file, from, entry)) {
      unpacked += piece.length;
      if (unpacked > entry.unpacked) throw damaged("a file is longer than the list says");
      watch(entry.packed, unpacked);
      yield piece;
    }
    if (unpacked !== entry.unpacked) throw damaged("a file is shorter than the list says");
  }

  #entry(path: string): Entry | undefined {
    const place = this.#places.get(path);
    return place === undefined ? undefined : entryAt(this.#list, place);
  }
}

async function* stored(file: Blob, from: number, { packed }: Entry): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < packed; at += STORED_PIECE)
    yield await bytes(file, from + at, Math.min(STORED_PIECE, packed - at));
}

async function* inflated(file: Blob, from: number, { packed }: Entry): AsyncGenerator<Uint8Array> {
  let out: Uint8Array[] = [];
  const inflate = new Inflate((piece) => out.push(piece));
  for (let at = 0; at < packed; at += PIECE) {
    const length = Math.min(PIECE, packed - at);
    const piece = await bytes(file, from + at, length);
    try {
      inflate.push(piece, at + length >= packed);
    } catch (cause) {
      throw damaged("what was packed", cause);
    }
    const ready = out;
    out = [];
    yield* ready;
  }
}

function placesIn(list: DataView, count: number): Map<string, number> {
  const names = new TextDecoder("utf-8");
  const places = new Map<string, number>();
  let place = 0;
  for (let number = 0; number < count; number++) {
    if (place + LISTED_BYTES > list.byteLength || list.getUint32(place, true) !== LISTED) throw damaged("its list");
    const nameLength = list.getUint16(place + 28, true);
    const next =
      place + LISTED_BYTES + nameLength + list.getUint16(place + 30, true) + list.getUint16(place + 32, true);
    if (next > list.byteLength) throw damaged("its list");
    const path = names.decode(new Uint8Array(list.buffer, list.byteOffset + place + LISTED_BYTES, nameLength));
    if (climbs(path)) throw new ArrivalError("ARCHIVE_PATHS", "A path leads out of the archive.");
    if (!places.has(path)) places.set(path, place);
    place = next;
  }
  return places;
}

function entryAt(list: DataView, place: number): Entry {
  const method = list.getUint16(place + 10, true);
  const short = [24, 20, 42].map((offset) => list.getUint32(place + offset, true));
  const nameLength = list.getUint16(place + 28, true);
  const long = longOf(list, place + LISTED_BYTES + nameLength, list.getUint16(place + 30, true));
  // Whichever is full here stands in the extra field, in this order.
  const [unpacked = 0, packed = 0, at = 0] = short.map((value) => (value === FULL ? (long.shift() ?? value) : value));
  if (method === STORED && packed !== unpacked) throw damaged("the length of a file");
  return { method, encrypted: (list.getUint16(place + 8, true) & 1) === 1, packed, unpacked, at };
}

/** The numbers of the ZIP64 extra field, if there is one. */
function longOf(list: DataView, from: number, length: number): number[] {
  for (let at = from; at + 4 <= from + length;) {
    const size = list.getUint16(at + 2, true);
    const end = at + 4 + size;
    if (end > from + length) return [];
    if (list.getUint16(at, true) === 1) {
      return Array.from({ length: Math.floor(size / 8) }, (_, index) => large(list, at + 4 + index * 8));
    }
    at = end;
  }
  return [];
}

/** Where the list of files stands. */
async function listOf(file: Blob): Promise<{ at: number; length: number; count: number }> {
  const tailFrom = Math.max(0, file.size - LIST_END_BYTES - MAX_COMMENT);
  const tail = await view(file, tailFrom, file.size - tailFrom);
  let end = tail.byteLength - LIST_END_BYTES;
  while (
    end >= 0 &&
    !(
      tail.getUint32(end, true) === LIST_END &&
      tail.getUint16(end + 20, true) === tail.byteLength - end - LIST_END_BYTES
    )
  )
    end--;
  if (end < 0) throw damaged("its end is missing");
  const short = {
    count: tail.getUint16(end + 10, true),
    length: tail.getUint32(end + 12, true),
    at: tail.getUint32(end + 16, true),
  };
  const isLong = short.count === 0xffff || short.length === FULL || short.at === FULL;
  if (!isLong || end < 20 || tail.getUint32(end - 20, true) !== LIST_END_64_PLACE) return short;
  const record = await view(file, large(tail, end - 12), 56);
  if (record.getUint32(0, true) !== LIST_END_64) throw damaged("its list");
  return { count: large(record, 32), length: large(record, 40), at: large(record, 48) };
}

/** @throws ArrivalError for numbers that no file reaches */
function large(from: DataView, at: number): number {
  const value = from.getBigUint64(at, true);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw damaged("a number");
  return Number(value);
}

async function view(file: Blob, from: number, length: number): Promise<DataView> {
  const { buffer, byteLength, byteOffset } = await bytes(file, from, length);
  return new DataView(buffer, byteOffset, byteLength);
}

async function bytes(file: Blob, from: number, length: number): Promise<Uint8Array> {
  if (from < 0 || from + length > file.size) throw damaged("it is cut off");
  try {
    return new Uint8Array(await file.slice(from, from + length).arrayBuffer());
  } catch (cause) {
    throw new ArrivalError("FILE_UNREADABLE", "The file could not be read.", { cause });
  }
}

function damaged(what: string, cause?: unknown): ArrivalError {
  return new ArrivalError("ARCHIVE_DAMAGED", `This archive is damaged: ${what}.`, { cause });
}
