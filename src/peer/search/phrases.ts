import { hasPhrase, type Phrase } from "../../social/search/index.ts";
import type { EnvelopeRow } from "../../store/port.ts";
import type { Hash } from "../../wire/index.ts";
import { textsOf, type Content } from "./contents.ts";

/** Envelopes whose texts are read and looked through at one go: some 5 ms. */
const SLICE = 128;

/** What the texts are read with. */
export interface PhraseSources {
  /** What is held of these. @throws StoreError */
  readonly contents: (rows: readonly EnvelopeRow[]) => Promise<readonly Content[]>;
  /** Envelopes that name a post. */
  readonly envelopesOf: (post: Hash) => readonly EnvelopeRow[];
  /** Resolves when others have had their turn. */
  readonly turn: () => Promise<void>;
}

/**
 * Which envelopes have phrases, looked up in their texts: the index says only that all the words are somewhere in them. It
 * remembers what it found for the phrases that were asked for last, for a search is asked again whenever something arrives.
 */
export class Phrases {
  readonly #sources: PhraseSources;
  #asked = "";
  /** By arrival number. */
  readonly #known = new Map<number, boolean>();
  /** Counts what was forgotten: what was read before may be another text. */
  #generation = 0;

  constructor(sources: PhraseSources) {
    this.#sources = sources;
  }

  /** The texts of these posts have come, or are gone. */
  forget(posts: readonly Hash[]): void {
    this.#generation += 1;
    if (this.#known.size === 0) return;
    for (const post of posts) for (const { seq } of this.#sources.envelopesOf(post)) this.#known.delete(seq);
  }

  /**
   * Those of these in which every phrase stands, the first `limit` of them, and the last one that was looked at.
   * @throws StoreError
   */
  async among(
    rows: readonly EnvelopeRow[],
    phrases: readonly Phrase[],
    limit: number,
    signal?: AbortSignal,
  ): Promise<{ readonly found: EnvelopeRow[]; readonly last: EnvelopeRow | undefined }> {
    const found: EnvelopeRow[] = [];
    let last: EnvelopeRow | undefined;
    for (let at = 0; at < rows.length && found.length < limit; at += SLICE) {
      if (signal?.aborted === true) break;
      const slice = rows.slice(at, at + SLICE);
      const has = await this.#look(slice, phrases);
      for (const row of slice) {
        if (found.length === limit) break;
        last = row;
        if (has.has(row.seq)) found.push(row);
      }
    }
    return { found, last };
  }

  async #look(rows: readonly EnvelopeRow[], phrases: readonly Phrase[]): Promise<ReadonlySet<number>> {
    const asked = JSON.stringify(phrases);
    if (asked !== this.#asked) this.#known.clear();
    this.#asked = asked;
    const missing = rows.filter(({ seq }) => !this.#known.has(seq));
    const has = new Set(rows.flatMap(({ seq }) => (this.#known.get(seq) === true ? [seq] : [])));
    if (missing.length === 0) return has;
    const generation = this.#generation;
    await this.#sources.turn();
    for (const { envelope, post, row } of await this.#sources.contents(missing)) {
      const texts = textsOf(envelope, post);
      const hasAll = phrases.every((phrase) => texts.some((text) => hasPhrase(text, phrase)));
      if (hasAll) has.add(row.seq);
      // Somebody may have asked for others meanwhile.
      if (asked === this.#asked && generation === this.#generation) this.#known.set(row.seq, hasAll);
    }
    return has;
  }
}
