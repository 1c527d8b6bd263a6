/** Finds out what a file is, and reads it in pieces small enough that the page goes on. */
import { folderOf, isOutbox, outboxInTar, tarArchive, zipArchive, type Archive } from "./archive.ts";
import { decodeText, Utf8Pieces } from "./encoding.ts";
import { ArrivalError } from "./errors.ts";
import { JsonItems, type JsonItem } from "./json-items.ts";
import { postOfItem } from "./json-feed.ts";
import { bombWatch, MAX_TEXT } from "./limits.ts";
import { postOfActivity } from "./mastodon.ts";
import { withOwnParents, type ArrivedPost } from "./posts.ts";
import { isTar } from "./tar.ts";
import { entriesOf, postOfEntry } from "./xml-feed.ts";
import { xmlRoot } from "./xml.ts";
import { isZip, Zip } from "./zip.ts";

/** What tells all kinds of files apart: a block of tar, and the first words of a text. */
const START_BYTES = 4_096;
/** A document is a tree in memory, several times as large as its text. The longest feeds have some megabytes. */
const MAX_XML = 16_777_216;
/** An author who writes twenty posts a day for fourteen years; more cannot be looked through. */
const MAX_POSTS = 100_000;
const PIECE = 262_144;
/** How long the page may be kept from drawing, in milliseconds. */
const SLICE = 12;

/** Lists that are read out of JSON: JSON Feed's and ActivityPub's. */
const FEED_LIST = "items";
const OUTBOX_LIST = "orderedItems";

export interface Arrived {
  readonly kind: "feed" | "mastodon";
  /** Newest first; what has no date last. */
  readonly posts: readonly ArrivedPost[];
  /** What was there and is no post: boosts of others, likes, and what is too long to be one. */
  readonly skipped: number;
  /** Where files of its posts lie; `null` for a file that is by itself. */
  readonly archive: Archive | null;
}

export interface ReadOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Posts found so far. */
  readonly onProgress?: (found: number) => void;
}

/** The posts of a file. @throws ArrivalError with the code of what is wrong with it; the signal's reason */
export async function readFile(file: Blob, options: ReadOptions): Promise<Arrived> {
  if (file.size === 0) throw new ArrivalError("FILE_EMPTY", "There is nothing in this file.");
  const start = await bytesOf(file.slice(0, START_BYTES));
  if (isZip(start)) return await readZip(file, options);
  if (start[0] === 0x1f && start[1] === 0x8b) return await readTar(() => unpacked(file), options);
  if (isTar(start)) return await readTar(() => piecesOf(file.stream()), options);
  const sign = firstSign(start);
  if (sign === "{") {
    if (file.size > MAX_TEXT) throw tooLarge();
    return await readOutbox(piecesOf(file.stream()), options);
  }
  if (sign === "<") return await readXml(file, options);
  throw new ArrivalError("FILE_UNKNOWN", "This is neither a feed nor an archive.");
}

/** The first sign that is none of space. A zero byte means an encoding of two bytes, which XML may have. */
function firstSign(start: Uint8Array): string {
  const text = new TextDecoder("latin1").decode(start).replaceAll("\0", "");
  return /[^\s\u00ef\u00bb\u00bf\u00fe\u00ff]/u.exec(text)?.[0] ?? "";
}

async function readZip(file: Blob, options: ReadOptions): Promise<Arrived> {
  const zip = await Zip.open(file);
  const outbox = [...zip.paths()].find(isOutbox);
  if (outbox === undefined) throw new ArrivalError("ARCHIVE_FOREIGN", "There is no outbox in this archive.");
  const arrived = await readOutbox(zip.content(outbox, MAX_TEXT), options);
  return { ...arrived, archive: zipArchive(zip, folderOf(outbox)) };
}

async function readTar(pieces: () => AsyncIterable<Uint8Array>, options: ReadOptions): Promise<Arrived> {
  let folder = "";
  const arrived = await readOutbox(
    outboxInTar(pieces(), (found) => (folder = found)),
    options,
  );
  return { ...arrived, archive: tarArchive(pieces, folder) };
}

async function readXml(file: Blob, options: ReadOptions): Promise<Arrived> {
  const { now, signal } = options;
  if (file.size > MAX_XML) throw tooLarge();
  const text = decodeText(await bytesOf(file));
  signal?.throwIfAborted();
  const entries = entriesOf(xmlRoot(text));
  if (entries === null) throw new ArrivalError("FILE_UNKNOWN", "This document is no feed.");
  const gathering = new Gathering(options);
  for (const entry of entries) {
    gathering.add(postOfEntry(entry, now));
    await gathering.breathe();
  }
  return gathering.end("feed");
}

async function readOutbox(pieces: AsyncIterable<Uint8Array>, options: ReadOptions): Promise<Arrived> {
  const gathering = new Gathering(options);
  const items = new JsonItems([FEED_LIST, OUTBOX_LIST]);
  const text = new Utf8Pieces();
  let kind: Arrived["kind"] = "mastodon";
  let length = 0;
  const take = async (found: readonly JsonItem[]): Promise<void> => {
    for (const { list, value } of found) {
      if (list === FEED_LIST) kind = "feed";
      gathering.add(list === FEED_LIST ? postOfItem(value, options.now) : postOfActivity(value, options.now));
      await gathering.breathe();
    }
  };
  for await (const piece of pieces) {
    length += piece.length;
    if (length > MAX_TEXT) throw new ArrivalError("ARCHIVE_BOMB", "This unpacks to more than any text does.");
    await take(items.push(text.push(piece)));
    await gathering.breathe();
  }
  await take(items.push(text.end()));
  items.end();
  gathering.skipped += items.skipped;
  return gathering.end(kind);
}

/** Collects posts, each once, and lets the page go on in between. */
class Gathering {
  readonly #options: ReadOptions;
  readonly #posts = new Map<string, ArrivedPost>();
  #since = performance.now();
  skipped = 0;

  constructor(options: ReadOptions) {
    this.#options = options;
  }

  add(post: ArrivedPost | null): void {
    if (post === null) this.skipped++;
    else this.#posts.set(post.id, post);
    if (this.#posts.size > MAX_POSTS) throw tooLarge();
  }

  async breathe(): Promise<void> {
    this.#options.signal?.throwIfAborted();
    if (performance.now() - this.#since < SLICE) return;
    this.#options.onProgress?.(this.#posts.size);
    await new Promise((resolve) => {
      setTimeout(resolve);
    });
    this.#since = performance.now();
  }

  end(kind: Arrived["kind"]): Arrived {
    if (this.#posts.size === 0) throw new ArrivalError("FILE_NO_POSTS", "Nothing in this file could become a post.");
    return { kind, posts: withOwnParents([...this.#posts.values()]), skipped: this.skipped, archive: null };
  }
}

/** What gzip has packed, unpacked as it is read; its checks are the browser's. */
async function* unpacked(file: Blob): AsyncGenerator<Uint8Array> {
  const watch = bombWatch(Infinity);
  let packed = 0;
  let length = 0;
  const counted = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(piece, controller) {
      packed += piece.length;
      controller.enqueue(piece);
    },
  });
  const stream = file.stream().pipeThrough(counted).pipeThrough(new DecompressionStream("gzip"));
  try {
    for await (const piece of piecesOf(stream)) {
      length += piece.length;
      watch(packed, length);
      yield piece;
    }
  } catch (cause) {
    // What the file itself could not give says so already; the rest is what gzip says of its content.
    if (cause instanceof ArrivalError) throw cause;
    throw new ArrivalError("ARCHIVE_DAMAGED", "What gzip has packed is damaged.", { cause });
  }
}

/** Not every browser lets one iterate over a stream. */
async function* piecesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  let whole = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        whole = true;
        return;
      }
      for (let at = 0; at < value.length; at += PIECE) yield value.subarray(at, at + PIECE);
    }
  } catch (cause) {
    // A stream that failed has nothing left to let go of.
    whole = true;
    if (!(cause instanceof DOMException && cause.name === "NotReadableError")) throw cause;
    throw unreadable(cause);
  } finally {
    if (!whole) await reader.cancel().catch((error: unknown) => console.debug("a file that was let go of", error));
  }
}

async function bytesOf(blob: Blob): Promise<Uint8Array> {
  try {
    return new Uint8Array(await blob.arrayBuffer());
  } catch (cause) {
    throw unreadable(cause);
  }
}

function unreadable(cause: unknown): ArrivalError {
  return new ArrivalError("FILE_UNREADABLE", "The file could not be read.", { cause });
}

function tooLarge(): ArrivalError {
  return new ArrivalError("FILE_TOO_LARGE", "This is more than a page can take in.");
}
