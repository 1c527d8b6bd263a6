import type { Content, Contents, IndexedStore } from "./contents.ts";

/**
 * Envelopes that are read at one go: some nine segments of the disk, one round trip to the process that reads it, and 8 ms
 * of decoding.
 */
const BATCH = 1_024;

/** From where to read on: behind one arrival number, up to another. */
export interface Stretch {
  readonly since: number;
  readonly end: number;
}

export interface Batch {
  readonly contents: readonly Content[];
  /** Everything up to this arrival number is in it that is held. */
  readonly upTo: number;
}

/**
 * Reads what is to be indexed, and what comes after it meanwhile: as long as each waited for the other, a fifth of the time was
 * spent on nothing (measured).
 */
export class Reading {
  readonly #contents: Contents;
  readonly #envelopes: IndexedStore["envelopes"];
  readonly #breathe: () => Promise<void>;
  #ahead: { readonly since: number; readonly batch: Promise<Batch> } | null = null;

  /** @param breathe lets others have their turn */
  constructor(contents: Contents, envelopes: IndexedStore["envelopes"], breathe: () => Promise<void>) {
    this.#contents = contents;
    this.#envelopes = envelopes;
    this.#breathe = breathe;
  }

  /** The first batch of a stretch, perhaps as it was some time ago. @throws StoreError */
  first(stretch: Stretch): Promise<Batch> {
    const ahead = this.#ahead;
    this.#ahead = null;
    return ahead?.since === stretch.since ? ahead.batch : this.#read(stretch);
  }

  /** Begins to read what is asked for next. */
  prepare(stretch: Stretch): void {
    const batch = this.#read(stretch);
    // Told to whoever asks for it, if somebody does.
    batch.catch(() => undefined);
    this.#ahead = { since: stretch.since, batch };
  }

  async #read({ end, since }: Stretch): Promise<Batch> {
    const rows = this.#envelopes
      .arrivals({ filter: { kind: "all" }, since, limit: BATCH })
      .filter(({ seq }) => seq <= end);
    const contents = await this.#contents.of(rows, this.#breathe);
    return { contents, upTo: rows.length < BATCH ? end : (rows.at(-1)?.seq ?? end) };
  }
}
