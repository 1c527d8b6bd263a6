import * as v from "valibot";
import { equalBytes, hashOf, type Hash } from "../../wire/index.ts";
import type { IndexedStore } from "./contents.ts";
import { FrozenIndex, SALT_BYTES } from "./frozen.ts";
import type { Spread } from "./growing.ts";

const RECORD = "search-index";

const Bytes = v.custom<Uint8Array>((value) => value instanceof Uint8Array);
const Shape = v.object({
  /** Of the store whose arrival numbers these are. */
  epoch: Bytes,
  salt: Bytes,
  blocks: v.array(v.object({ block: v.number(), hash: Bytes })),
  /** Blobs that are being stored or removed, so that a crash leaves none behind that nobody knows of. */
  loose: v.array(Bytes),
});
type Kept = v.InferOutput<typeof Shape>;

type KeptIn = Pick<IndexedStore, "epoch" | "blobs" | "commit" | "setting">;

export interface KeptOptions {
  readonly store: KeptIn;
  readonly randomBytes: (length: number) => Uint8Array;
}

/**
 * Blocks of the index on disk: blobs that are held as a cache, so that they go before anything that cannot be made again, and
 * one small record that says which there are. What they say lies beside them in the clear anyway, in envelopes and posts, so
 * they are not sealed where the record is. A block that is missing, damaged or of other code is made anew.
 *
 * Nobody can ask for them: a blob is only given to others where a profile or a post names its hash, and a salt that never
 * leaves this record keeps those hashes from being guessed.
 */
export class KeptBlocks {
  readonly #store: KeptIn;
  #kept: Kept;

  private constructor(store: KeptIn, kept: Kept) {
    this.#store = store;
    this.#kept = kept;
  }

  /** @throws StoreError */
  static async open({ randomBytes, store }: KeptOptions): Promise<KeptBlocks> {
    const { epoch } = store;
    const read = v.safeParse(Shape, await store.setting(RECORD));
    const fresh: Kept = { epoch, salt: randomBytes(SALT_BYTES), blocks: [], loose: [] };
    const kept = new KeptBlocks(store, read.success ? read.output : fresh);
    await kept.#tidy();
    if (!equalBytes(kept.#kept.epoch, epoch)) {
      // Arrival numbers were given out anew: these are of envelopes that nobody can tell any more.
      for (const { hash } of kept.#kept.blocks) await store.blobs.remove(hash);
      await kept.#write(fresh);
    }
    return kept;
  }

  get salt(): Uint8Array {
    return this.#kept.salt;
  }

  /** Secret as the salt is. */
  get spread(): Spread {
    const words = new DataView(this.#kept.salt.buffer, this.#kept.salt.byteOffset, SALT_BYTES);
    // An odd factor loses nothing of what it multiplies.
    return { seed: words.getInt32(0), factor: words.getInt32(4) | 1 };
  }

  /** Numbers of the blocks that are kept. */
  numbers(): number[] {
    return this.#kept.blocks.map(({ block }) => block);
  }

  /** `null` where it is gone, or of other code; it is forgotten then. @throws StoreError */
  async read(block: number): Promise<FrozenIndex | null> {
    const hash = this.#hashOf(block);
    if (hash === undefined) return null;
    const bytes = await this.#store.blobs.read(hash);
    const index = bytes === undefined ? null : FrozenIndex.read(bytes);
    if (index === null) await this.drop(block);
    return index;
  }

  /** In the place of the one of this number. @throws StoreError, `STORE_QUOTA` where there is no room */
  async put(block: number, { bytes }: FrozenIndex): Promise<void> {
    const hash = hashOf(bytes);
    const former = this.#hashOf(block);
    if (former !== undefined && equalBytes(former, hash)) return;
    await this.#write({ loose: [hash] });
    await this.#store.blobs.put(hash, [bytes], undefined, "cache");
    const loose = former === undefined ? [] : [former];
    await this.#write({ blocks: [...this.#others(block), { block, hash }], loose });
    await this.#tidy();
  }

  /** @throws StoreError */
  async drop(block: number): Promise<void> {
    const hash = this.#hashOf(block);
    if (hash === undefined) return;
    await this.#write({ blocks: this.#others(block), loose: [hash] });
    await this.#tidy();
  }

  async #tidy(): Promise<void> {
    const { blocks, loose } = this.#kept;
    if (loose.length === 0) return;
    for (const hash of loose) {
      if (!blocks.some((kept) => equalBytes(kept.hash, hash))) await this.#store.blobs.remove(hash);
    }
    await this.#write({ loose: [] });
  }

  #hashOf(block: number): Hash | undefined {
    return this.#kept.blocks.find((kept) => kept.block === block)?.hash;
  }

  #others(block: number): Kept["blocks"] {
    return this.#kept.blocks.filter((kept) => kept.block !== block);
  }

  async #write(patch: Partial<Kept>): Promise<void> {
    const kept = { ...this.#kept, ...patch };
    await this.#store.commit({ settings: { [RECORD]: kept } });
    this.#kept = kept;
  }
}
