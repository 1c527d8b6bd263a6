import type { Hash } from "../../../wire/index.ts";
import { abortable, pause, type Clock } from "../clock.ts";
import { CellReader, Cells, cellsFor } from "./cells.ts";
import { CELL_BYTES, ID_BYTES, MAX_BESIDES, MAX_WINDOW, OPEN_WINDOWS } from "./constants.ts";
import type { Dialogue } from "./dialogue.ts";
import { IdList, nameOf, type ShortIds } from "./ids.ts";
import type { Place, WindowHead } from "./messages.ts";
import { isBehind, type Stock } from "./targets.ts";

/** An envelope of a window that is not held here. */
export interface MissingItem {
  /** Its id. */
  readonly name: string;
  /** Where it stands in the order of the window. */
  readonly rank: number;
}

/** What of one window is missing. */
export interface Missing {
  readonly window: number;
  readonly items: readonly MissingItem[];
  /** Looks again: tells which of the items are held by now. */
  readonly held: () => Promise<(item: MissingItem) => boolean>;
}

export interface ReconciliationOptions {
  readonly dialogue: Dialogue;
  readonly clock: Clock;
  readonly ids: ShortIds;
  /** What is held here of the same targets. */
  readonly stock: Stock;
  readonly known: (hash: Hash) => boolean;
  /** Where to begin; `null` for the newest. */
  readonly before: Place | null;
  /**
   * What the server says it may give besides what the targets tell: of those with topics alone, the place that was asked for
   * is where they started. Resolves when that is noted.
   */
  readonly noteBesides: (hashes: readonly Hash[]) => Promise<void>;
  /** Resolves when all of these that could be had are stored. */
  readonly fetch: (missing: Missing) => Promise<void>;
  /** Everything of the targets down to this place is here. */
  readonly onDone: (end: Place) => void;
}

const HASH_BYTES = 32;

/** Walks the windows of a server, newest first, finds out what of each is missing here, and has it fetched. */
export class Reconciliation {
  readonly #options: ReconciliationOptions;
  /** Windows opened, and how many of them from the first on are finished. */
  #opened = 0;
  #done = 0;
  readonly #finished = new Map<number, Place | null>();
  #wake: () => void = () => undefined;

  constructor(options: ReconciliationOptions) {
    this.#options = options;
  }

  /** Resolves when the server has nothing more that is missing. @throws ProtocolError, MeshError */
  async run(): Promise<void> {
    const { dialogue } = this.#options;
    let before = this.#options.before;
    let ofStock = false;
    let besides = 0;
    for (;;) {
      await this.#until(() => this.#opened - this.#done < OPEN_WINDOWS);
      const head = await dialogue.ask({ kind: "next", done: this.#done }, ["window", "end"]);
      if (head.kind === "end") break;
      if (head.number !== this.#opened) throw dialogue.violated("windows out of order");
      this.#opened++;
      const end = { created: head.end.created, hash: head.end.hash.slice() };
      if (head.of === "besides") {
        if (ofStock) throw dialogue.violated("windows out of order");
        besides += head.count;
        if (besides > MAX_BESIDES) throw dialogue.violated("more besides than there may be");
        this.#start(head.number, null, this.#besides(head));
        continue;
      }
      if (before !== null && !isBehind(end, before)) throw dialogue.violated("a window that is not older");
      ofStock = true;
      this.#start(head.number, end, this.#ofStock({ ...head, end, sum: head.sum.slice() }, before));
      before = end;
    }
    await this.#until(() => this.#done === this.#opened);
  }

  /** A failure ends the dialogue, and with it everything that waits. */
  #start(number: number, end: Place | null, work: Promise<void>): void {
    const { dialogue, onDone } = this.#options;
    work.then(
      () => {
        this.#finished.set(number, end);
        for (let place = this.#finished.get(this.#done); place !== undefined; place = this.#finished.get(this.#done)) {
          this.#finished.delete(this.#done++);
          if (place !== null) onDone(place);
        }
        this.#wake();
      },
      (error: unknown) => dialogue.end(error),
    );
  }

  async #until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      await abortable(woken, this.#options.dialogue.signal);
    }
  }

  /** What the server holds by evidence: nothing here tells which that is, so it is told in full. */
  async #besides({ count, number }: WindowHead): Promise<void> {
    const { dialogue, fetch, ids, known } = this.#options;
    const { bytes } = await dialogue.ask({ kind: "ids", window: number }, ["ids"]);
    if (bytes.length !== count * HASH_BYTES) throw dialogue.violated("another number of hashes");
    const hashes = Array.from({ length: count }, (_, rank) => bytes.slice(rank * HASH_BYTES, (rank + 1) * HASH_BYTES));
    const items = hashes.flatMap((hash, rank) => (known(hash) ? [] : [{ name: ids.name(hash), rank }]));
    await fetch({ window: number, items, held: async () => (item) => known(hashes[item.rank]!) });
    await this.#options.noteBesides(hashes);
  }

  async #ofStock(head: WindowHead, newer: Place | null): Promise<void> {
    const own = await this.#own(newer, head.end);
    const theirs = await this.#compare(head, own);
    if (theirs === null) return;
    const items: (MissingItem & { readonly high: number; readonly low: number })[] = [];
    for (let rank = 0; rank < theirs.length; rank++) {
      const [high, low] = [theirs.high[rank]!, theirs.low[rank]!];
      if (own.rank(high, low) === -1) items.push({ name: nameOf(high, low), rank, high, low });
    }
    const held = async (): Promise<(item: MissingItem) => boolean> => {
      const now = await this.#own(newer, head.end);
      return ({ rank }) => now.rank(theirs.high[rank]!, theirs.low[rank]!) !== -1;
    };
    await this.#options.fetch({ window: head.number, items, held });
  }

  /** All ids of the window over there; `null` when they are the own ones. */
  async #compare({ count, number, sum }: WindowHead, own: IdList): Promise<IdList | null> {
    const { dialogue } = this.#options;
    const reader = new CellReader(own);
    reader.take(Cells.read(sum));
    const same = reader.read();
    if (same !== null && same.missing.length === 0 && same.extra.length === 0 && own.length === count) return null;
    // One side alone lacking something, this is the number of differences; else there are more.
    const least = Math.max(Math.abs(count - own.length), 2);
    for (let cells = cellsFor(least); fits(cells, count); cells = Math.ceil(reader.length * 1.25) + 4) {
      const wanted = cells - reader.length;
      const { bytes } = await dialogue.ask({ kind: "cells", window: number, count: wanted }, ["cells"]);
      if (bytes.length !== wanted * CELL_BYTES) throw dialogue.violated("another number of cells");
      reader.take(Cells.read(bytes));
      const difference = reader.read();
      if (difference === null) continue;
      const { extra, missing } = difference;
      const theirs = own.changed((high, low) => extra.rank(high, low) === -1, missing);
      if (theirs.length !== count) throw dialogue.violated("cells of another number of envelopes");
      return theirs;
    }
    return await this.#list(number, count, sum);
  }

  async #list(number: number, count: number, sum: Uint8Array): Promise<IdList> {
    const { dialogue } = this.#options;
    const { bytes } = await dialogue.ask({ kind: "ids", window: number }, ["ids"]);
    const theirs = bytes.length === count * ID_BYTES ? IdList.read(bytes) : null;
    if (theirs === null) throw dialogue.violated("another number of ids, or twice the same");
    const reader = new CellReader(theirs);
    reader.take(Cells.read(sum));
    if (reader.read()?.missing.length !== 0) throw dialogue.violated("ids that are not those of the window");
    return theirs;
  }

  /** Ids of what is held between two places. */
  async #own(newer: Place | null, end: Place): Promise<IdList> {
    const { clock, dialogue, ids, stock } = this.#options;
    const hashes: Hash[] = [];
    for (let before = newer; ;) {
      const rows = stock.next(before, MAX_WINDOW);
      const last = rows.at(-1);
      for (const row of rows) if (!isBehind(row, end)) hashes.push(row.hash);
      if (last === undefined || isBehind(last, end)) return ids.list(hashes).ids;
      before = last;
      // Where the server holds little, one window of it may be years of what is held here.
      await pause(clock, 0, dialogue.signal);
    }
  }
}

/** Whether so many cells are shorter than the list of all ids, which costs no second guess. */
function fits(cells: number, count: number): boolean {
  return cells * CELL_BYTES < count * ID_BYTES;
}
