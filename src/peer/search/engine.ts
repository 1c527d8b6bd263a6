import { abortable } from "../../mesh/protocols/clock.ts";
import type { SearchTerm } from "../../social/search/index.ts";
import type { EnvelopeRow, StoreChange } from "../../store/port.ts";
import { fromHex, ObjectType, toHex, type Hash } from "../../wire/index.ts";
import type { SearchIndexView } from "./api.ts";
import { BLOCK, blockOf, eachBit, firstOf, hasBit, matching, noBits, placeIn, setBit, type Bits } from "./blocks.ts";
import { addContent, Contents, type Content, type IndexedStore } from "./contents.ts";
import { FrozenIndex } from "./frozen.ts";
import { GrowingIndex } from "./growing.ts";
import { KeptBlocks } from "./kept.ts";
import { Reading, type Stretch } from "./reading.ts";
import { Spelling, type WordCount } from "./spelling.ts";

/** Envelopes that are indexed at one go, then others have their turn: some 6 ms. */
const SLICE = 256;
/** Posts that came later are read so many at one go: they may be 64 KiB each. */
const LATE_SLICE = 32;
/** The newest that can be found by their words, in blocks: half a million envelopes, 40 MB in memory and on disk. */
const MOST_BLOCKS = 128;
/** Posts that came after their block was kept are indexed at each start; with more of them the block is made anew. */
const MOST_LATE = 64;
/** Envelopes that name one post: honest ones are one or two. */
export const ENVELOPES_OF_A_POST = 16;
/** The newest whose words are taken for well spelt: 200,000 terms, gone through in a third of a second. */
const SPELT_BLOCKS = 8;
/** Of a block less than this share is still held: made anew it takes less room. */
const SPARSE = 0.5;

export interface EngineOptions {
  readonly store: IndexedStore;
  readonly randomBytes: (length: number) => Uint8Array;
  /** Resolves when others have had their turn. */
  readonly turn: () => Promise<void>;
  /** More can be found than before. */
  readonly onChanged: () => void;
  readonly log: (context: string, error: unknown) => void;
}

/** A block that is not complete, or not yet. */
interface Growing {
  readonly index: GrowingIndex;
  readonly texts: Bits;
  /** Everything up to this arrival number is in it. */
  upTo: number;
  documents: number;
}

/** Texts that came after their envelopes were indexed. */
interface Late {
  readonly index: GrowingIndex;
  texts: number;
}

/**
 * The words of everything held, in blocks by order of arrival. Blocks that are complete are kept on disk, each once; a start
 * reads those and indexes what came since. What is missing is made while somebody searches, the newest first.
 */
export class SearchEngine {
  readonly #options: EngineOptions;
  readonly #contents: Contents;
  readonly #reading: Reading;
  readonly #kept: KeptBlocks;
  readonly #frozen = new Map<number, FrozenIndex>();
  readonly #growing = new Map<number, Growing>();
  readonly #late = new Map<number, Late>();
  /** Posts whose text may be in no block yet, in hex. */
  readonly #unread: Set<string>;
  /** Blocks from earlier runs of which it is not known yet how much is still held. */
  readonly #unchecked: Set<number>;
  readonly #ended = new AbortController();
  #readers = 0;
  #working: Promise<void> | null = null;
  /** Whether there may be more to do than was known when this work began. */
  #called = false;

  private constructor(options: EngineOptions, contents: Contents, kept: KeptBlocks) {
    this.#options = options;
    this.#contents = contents;
    this.#reading = new Reading(contents, options.store.envelopes, () => this.#breathe());
    this.#kept = kept;
    this.#unread = new Set(contents.posts);
    this.#unchecked = new Set(kept.numbers());
  }

  /** Reads what earlier runs have indexed. @throws StoreError */
  static async open(options: EngineOptions): Promise<SearchEngine> {
    const { store } = options;
    const [contents, kept] = await Promise.all([Contents.open(store), KeptBlocks.open(options)]);
    const engine = new SearchEngine(options, contents, kept);
    for (const block of kept.numbers()) {
      const index = await kept.read(block);
      if (index !== null) engine.#frozen.set(block, index);
    }
    return engine;
  }

  /** Somebody searches: what is missing is indexed until the function that it returns is called. */
  read(): () => void {
    this.#readers++;
    this.#work();
    let done = false;
    return () => {
      if (!done) this.#readers--;
      done = true;
    };
  }

  /** Resolves when everything is indexed that is held now, or cannot be. Only while somebody reads. */
  async ready(): Promise<void> {
    this.#work();
    while (this.#working !== null) await this.#working;
  }

  /** Arrival numbers of the envelopes in which all of these stand, ascending. */
  matches(terms: readonly SearchTerm[]): Float64Array {
    const blocks = [...new Set([...this.#frozen.keys(), ...this.#growing.keys()])].sort((a, b) => a - b);
    const seqs = new Float64Array(blocks.length * BLOCK);
    let count = 0;
    for (const block of blocks) {
      const index = this.#frozen.get(block) ?? this.#growing.get(block)?.index;
      const found = index === undefined ? noBits() : matching(index, terms);
      // What is late has all words of its envelope, too: no match has some here and some there.
      const late = this.#late.get(block);
      if (late !== undefined)
        matching(late.index, terms).forEach((word, at) => (found[at] = (found[at] as number) | word));
      const first = firstOf(block);
      eachBit(found, (place) => {
        seqs[count++] = first + place;
      });
    }
    return seqs.subarray(0, count);
  }

  /** The words of what came last. @throws the reason of the end, when it came */
  spelling(): Promise<Spelling> {
    const blocks = [...new Set([...this.#frozen.keys(), ...this.#growing.keys()])].sort((a, b) => b - a);
    // What is late has the words of its envelopes once more, and each is to be counted once.
    const indexes = blocks
      .slice(0, SPELT_BLOCKS)
      .map((block) => this.#frozen.get(block) ?? this.#growing.get(block)?.index)
      .filter((index) => index !== undefined);
    return Spelling.of(wordsOf(indexes), () => this.#breathe());
  }

  /** What is held of these. @throws StoreError */
  contents(rows: readonly EnvelopeRow[]): Promise<Content[]> {
    return this.#contents.of(rows, () => this.#breathe());
  }

  view(): SearchIndexView {
    const { lastSeq } = this.#options.store.envelopes;
    let [done, all] = [0, 0];
    for (let block = this.#oldest(); block <= blockOf(lastSeq); block++) {
      const end = this.#endOf(block);
      const upTo = this.#frozen.has(block) ? end : (this.#growing.get(block)?.upTo ?? firstOf(block) - 1);
      done += upTo - firstOf(block) + 1;
      all += end - firstOf(block) + 1;
    }
    // In hundredths: whoever watches is told as often as it can be seen.
    return { ready: done === all, share: all === 0 ? 1 : Math.floor((done / all) * 100) / 100 };
  }

  changed({ envelopes, objects, removedObjects }: StoreChange): void {
    for (const { hash, type } of objects) {
      if (type !== ObjectType.SocialPost) continue;
      this.#contents.mark(hash, true);
      this.#unread.add(toHex(hash));
    }
    for (const hash of removedObjects) this.#contents.mark(hash, false);
    if (envelopes.length > 0 || objects.length > 0) this.#work();
  }

  async stop(): Promise<void> {
    this.#ended.abort();
    await this.#working;
  }

  #oldest(): number {
    return Math.max(0, blockOf(this.#options.store.envelopes.lastSeq) - MOST_BLOCKS + 1);
  }

  /** The last arrival number of a block that was given out. */
  #endOf(block: number): number {
    return Math.min(firstOf(block + 1) - 1, this.#options.store.envelopes.lastSeq);
  }

  #work(): void {
    // Who calls in the moment between the last step and its end would be forgotten.
    this.#called = this.#working !== null;
    if (this.#called || this.#readers === 0 || this.#ended.signal.aborted) return;
    this.#working = this.#run()
      .catch((error: unknown) => {
        if (!this.#ended.signal.aborted) this.#options.log("search", error);
      })
      .finally(() => {
        this.#working = null;
        if (this.#called) this.#work();
      });
  }

  async #run(): Promise<void> {
    const { signal } = this.#ended;
    while (this.#readers > 0 && !signal.aborted && (await this.#step())) {
      this.#options.onChanged();
    }
  }

  /** Does a slice of what there is to do; whether there was something. */
  async #step(): Promise<boolean> {
    const block = this.#incomplete();
    if (block !== null) {
      await this.#grow(block);
      return true;
    }
    const [unchecked] = this.#unchecked;
    if (unchecked !== undefined) {
      this.#unchecked.delete(unchecked);
      await this.#check(unchecked);
      return true;
    }
    if (this.#unread.size === 0) return false;
    await this.#readLate([...this.#unread].slice(0, LATE_SLICE));
    return true;
  }

  /** The newest block of which something is not indexed; `null` where all is. */
  #incomplete(): number | null {
    for (let block = blockOf(this.#options.store.envelopes.lastSeq); block >= this.#oldest(); block--) {
      if (this.#frozen.has(block)) continue;
      const growing = this.#growing.get(block);
      if (growing === undefined || growing.upTo < this.#endOf(block) || this.#isFull(block)) return block;
    }
    return null;
  }

  /** Whether nothing can arrive in it any more. */
  #isFull(block: number): boolean {
    return this.#options.store.envelopes.lastSeq >= firstOf(block + 1) - 1;
  }

  async #grow(block: number): Promise<void> {
    const growing = this.#growing.get(block) ?? this.#emptyFrom(block);
    this.#growing.set(block, growing);
    const end = this.#endOf(block);
    if (growing.upTo >= end) return await this.#freeze(block, growing);
    const { contents, upTo } = await this.#reading.first({ since: growing.upTo, end });
    const next = upTo < end ? { since: upTo, end } : this.#stretchBelow(block);
    if (next !== null) this.#reading.prepare(next);
    for (const [number, content] of contents.entries()) {
      if (number % SLICE === 0) await this.#breathe();
      const place = placeIn(content.row.seq);
      addContent(content, place, growing.index);
      if (content.post !== null) setBit(growing.texts, place);
      growing.documents++;
    }
    growing.upTo = upTo;
  }

  /** What is to be read when this block is complete. */
  #stretchBelow(block: number): Stretch | null {
    for (let below = block - 1; below >= this.#oldest(); below--) {
      if (this.#frozen.has(below)) continue;
      const since = this.#growing.get(below)?.upTo ?? firstOf(below) - 1;
      return { since, end: this.#endOf(below) };
    }
    return null;
  }

  /** Lets others have their turn. @throws the reason of the end, when it came */
  async #breathe(): Promise<void> {
    await abortable(this.#options.turn(), this.#ended.signal);
  }

  async #freeze(block: number, growing: Growing): Promise<void> {
    // Texts that came late have words for it that it has not: made once more it has them.
    if (this.#late.delete(block)) {
      this.#growing.set(block, this.#emptyFrom(block));
      return;
    }
    const { documents, index: grown, texts } = growing;
    const index = await FrozenIndex.of(grown, texts, documents, this.#kept.salt, () => this.#breathe());
    this.#frozen.set(block, index);
    this.#growing.delete(block);
    if (growing.documents === 0) return await this.#kept.drop(block);
    try {
      await this.#kept.put(block, index);
    } catch (error) {
      // It is in memory; without room on the disk it is made again at the next start.
      this.#options.log("search", error);
    }
  }

  /** Makes a block anew of which most is gone, and lets go of one that is too old. */
  async #check(block: number): Promise<void> {
    const index = this.#frozen.get(block);
    if (block < this.#oldest()) {
      this.#frozen.delete(block);
      return await this.#kept.drop(block);
    }
    if (index === undefined) return;
    const seqs = Float64Array.from({ length: BLOCK }, (_, place) => firstOf(block) + place);
    const held = this.#options.store.envelopes.count({ kind: "arrived", seqs });
    if (held < index.documents * SPARSE) this.#again(block);
  }

  #again(block: number): void {
    this.#frozen.delete(block);
    this.#late.delete(block);
  }

  async #readLate(posts: readonly string[]): Promise<void> {
    for (const post of posts) {
      this.#unread.delete(post);
      if (this.#contents.posts.has(post)) await this.#readText(fromHex(post));
    }
  }

  /** Indexes a text that no block has. */
  async #readText(target: Hash): Promise<void> {
    const { envelopes } = this.#options.store;
    const filter = { kind: "relation", relation: "post", target } as const;
    const rows = envelopes.query({ filter, limit: ENVELOPES_OF_A_POST }).filter(({ seq }) => !this.#hasText(seq));
    for (const content of await this.#contents.of(rows, () => this.#breathe())) {
      const { seq } = content.row;
      const block = blockOf(seq);
      if (block < this.#oldest()) continue;
      const late = this.#late.get(block) ?? { index: new GrowingIndex(this.#kept.spread), texts: 0 };
      this.#late.set(block, late);
      addContent(content, placeIn(seq), late.index);
      if (++late.texts > MOST_LATE && this.#frozen.has(block)) this.#again(block);
    }
  }

  #hasText(seq: number): boolean {
    const block = blockOf(seq);
    const frozen = this.#frozen.get(block);
    if (frozen !== undefined) return frozen.hasText(placeIn(seq));
    const growing = this.#growing.get(block);
    if (growing === undefined || seq > growing.upTo) return true;
    return hasBit(growing.texts, placeIn(seq));
  }

  #emptyFrom(block: number): Growing {
    return { index: new GrowingIndex(this.#kept.spread), texts: noBits(), upTo: firstOf(block) - 1, documents: 0 };
  }
}

function* wordsOf(indexes: readonly (FrozenIndex | GrowingIndex)[]): Generator<WordCount> {
  for (const index of indexes) yield* index.words();
}
