import type { Hash } from "../../../wire/index.ts";
import type { FrameStream } from "../../port.ts";
import type { Audience } from "../audience.ts";
import { pause, withDeadline, type Clock } from "../clock.ts";
import { ProtocolError } from "../errors.ts";
import type { Library, LibraryRow } from "../library.ts";
import { Admission } from "../pub/admission.ts";
import { framesOf } from "../pub/frames-of.ts";
import type { TokenBucket } from "../token-bucket.ts";
import { CellWriter } from "./cells.ts";
import { FIRST_WINDOW, MAX_BESIDES, MAX_WINDOW, OPEN_WINDOWS } from "./constants.ts";
import { ShortIds } from "./ids.ts";
import {
  decodeQuestion,
  encodeAnswer,
  type Place,
  type SyncAnswer,
  type SyncQuestion,
  type WindowHead,
} from "./messages.ts";
import { Stock } from "./targets.ts";

export interface ConversationOptions {
  readonly stream: FrameStream;
  readonly library: Library;
  readonly audience: Audience;
  readonly clock: Clock;
  /** Rows that may be looked at: this peer's own share, and what all of them have together. */
  readonly rows: readonly TokenBucket[];
  readonly bytes: TokenBucket;
  readonly stalled: number;
  readonly signal: AbortSignal;
}

interface OpenWindow {
  readonly head: WindowHead;
  /** In the order of the client's ranks. */
  readonly hashes: readonly Hash[];
  readonly sure: boolean;
  /** What `ids` answers. */
  readonly list: () => Uint8Array;
  readonly cells: CellWriter | null;
}

/** What a client asked about, and by what ids. */
interface Reckoned {
  readonly ids: ShortIds;
  readonly stock: Stock;
  readonly admission: Admission;
}

/** An envelope that only the audience can speak for is read from the disk: so many rows of the index take as long. */
const ROWS_OF_A_READING = 10;

/** The server's side of one stream. It answers one question at a time and keeps the windows that the client has open. */
export class Conversation {
  readonly #options: ConversationOptions;
  #set: Reckoned | null = null;
  /** Rows beside the stock that are not handed out yet, the newest last. */
  #besides: LibraryRow[] = [];
  #before: Place | null = null;
  #scanned = 0;
  #next = 0;
  readonly #open = new Map<number, OpenWindow>();

  constructor(options: ConversationOptions) {
    this.#options = options;
  }

  /** Answers until the client ends its side. @throws whatever ended it otherwise */
  async run(): Promise<void> {
    const { clock, signal, stalled, stream } = this.#options;
    for (;;) {
      const frame = await withDeadline(clock, stalled, signal, (deadline) => stream.read({ signal: deadline }));
      if (frame === null) break;
      await this.#answer(decodeQuestion(frame));
    }
    await stream.close();
  }

  async #answer(question: SyncQuestion): Promise<void> {
    switch (question.kind) {
      case "open":
        return await this.#begin(question);
      case "next":
        return await this.#advance(question.done);
      case "ids": {
        const window = this.#window(question.window);
        return await this.#send({ kind: "ids", bytes: window.list() });
      }
      case "cells": {
        const { cells, head } = this.#window(question.window);
        // As many cells as envelopes are longer than the list of them.
        if (cells === null || question.count === 0 || cells.written + question.count > head.count) {
          throw violation("cells that no window has");
        }
        return await this.#send({ kind: "cells", bytes: cells.write(question.count).bytes() });
      }
      case "want":
        return await this.#deliver(question);
    }
  }

  async #begin({ before, salt, targets }: Extract<SyncQuestion, { kind: "open" }>): Promise<void> {
    if (this.#set !== null) throw violation("opened twice");
    const { audience, library, stream } = this.#options;
    const { envelopes, epoch } = library;
    // Before anything is looked at: what arrives from now on is told by /mehr/pub/1.
    const { lastSeq } = envelopes;
    const admission = new Admission(audience, envelopes, stream.peer);
    admission.targets = targets;
    const stock = new Stock(envelopes, targets);
    this.#set = { ids: new ShortIds(salt), stock, admission };
    this.#besides = admission.besides(targets, 0, MAX_BESIDES).map(({ row }) => row);
    this.#before = before === null ? null : { created: before.created, hash: before.hash.slice() };
    await this.#send({ kind: "welcome", epoch, lastSeq, held: stock.size });
  }

  async #advance(done: number): Promise<void> {
    if (done > this.#next) throw violation("windows finished that were never opened");
    for (const number of this.#open.keys()) if (number < done) this.#open.delete(number);
    if (this.#open.size >= OPEN_WINDOWS) throw violation("more windows than may be open");
    const window = (await this.#nextBeside()) ?? (await this.#nextOfStock());
    if (window === null) return await this.#send({ kind: "end" });
    this.#open.set(window.head.number, window);
    await this.#send(window.head);
  }

  async #nextBeside(): Promise<OpenWindow | null> {
    const { admission, ids } = this.#opened();
    while (this.#besides.length > 0) {
      const rows = this.#besides.splice(-MAX_WINDOW).toReversed();
      await this.#spend(rows.length * ROWS_OF_A_READING);
      const listed = await admission.admit(rows.map((row) => ({ row, sure: false })));
      const hashes = listed.map(({ row }) => row.hash);
      const last = listed.at(-1)?.row;
      if (last === undefined) continue;
      const sum = new CellWriter(ids.list(hashes).ids).write(1).bytes();
      const list = (): Uint8Array => joined(hashes);
      return { head: this.#head("besides", hashes.length, last, sum), hashes, sure: false, list, cells: null };
    }
    return null;
  }

  async #nextOfStock(): Promise<OpenWindow | null> {
    const { ids, stock } = this.#opened();
    const limit = Math.min(MAX_WINDOW, FIRST_WINDOW * 2 ** this.#scanned);
    await this.#spend(limit);
    const rows = stock.next(this.#before, limit);
    const end = rows.at(-1);
    if (end === undefined) return null;
    this.#scanned++;
    this.#before = end;
    const sorted = ids.list(rows.map(({ hash }) => hash));
    const hashes = Array.from(sorted.order, (at) => rows[at]!.hash);
    const cells = new CellWriter(sorted.ids);
    const head = this.#head("start", rows.length, end, cells.write(1).bytes());
    return { head, hashes, sure: true, list: () => sorted.ids.bytes(), cells };
  }

  #head(of: WindowHead["of"], count: number, { created, hash }: Place, sum: Uint8Array): WindowHead {
    return { kind: "window", of, number: this.#next++, count, end: { created, hash }, sum };
  }

  async #deliver({ bits, first, window }: Extract<SyncQuestion, { kind: "want" }>): Promise<void> {
    const { hashes, sure } = this.#window(window);
    const { admission } = this.#opened();
    const wanted: { hash: Hash; sure: boolean }[] = [];
    for (let at = 0; at < bits.length * 8; at++) {
      if ((bits[at >>> 3]! & (1 << (at & 7))) === 0) continue;
      const hash = hashes[first + at];
      if (hash === undefined) throw violation("a want for what the window does not hold");
      wanted.push({ hash, sure });
    }
    if (!sure) await this.#spend(wanted.length * ROWS_OF_A_READING);
    for (const { items, last } of framesOf(await admission.items(wanted))) {
      await this.#send({ kind: "envelopes", last, items });
    }
  }

  #window(number: number): OpenWindow {
    const window = this.#open.get(number);
    if (window === undefined) throw violation("a question about no open window");
    return window;
  }

  #opened(): Reckoned {
    if (this.#set === null) throw violation("a question before the first");
    return this.#set;
  }

  /** Waits for the budget of looking; what is used up together delays everybody, what one used up only that one. */
  async #spend(rows: number): Promise<void> {
    const { clock, signal } = this.#options;
    for (const bucket of this.#options.rows) {
      const debt = bucket.debt(clock.now());
      if (debt > 0) await pause(clock, debt, signal);
      bucket.spend(rows, clock.now());
    }
  }

  async #send(answer: SyncAnswer): Promise<void> {
    const { bytes, clock, signal, stalled, stream } = this.#options;
    const frame = encodeAnswer(answer);
    const debt = bytes.debt(clock.now());
    if (debt > 0) await pause(clock, debt, signal);
    bytes.spend(frame.length, clock.now());
    await withDeadline(clock, stalled, signal, (deadline) => stream.write(frame, { signal: deadline }));
  }
}

function joined(hashes: readonly Hash[]): Uint8Array {
  const bytes = new Uint8Array(hashes.length * 32);
  for (const [at, hash] of hashes.entries()) bytes.set(hash, at * 32);
  return bytes;
}

function violation(what: string): ProtocolError {
  return new ProtocolError("VIOLATION", `Against the protocol: ${what}.`);
}
