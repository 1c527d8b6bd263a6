import * as v from "valibot";
import type { Store } from "../../store/port.ts";
import { Serial } from "../../store/serial.ts";
import { toHex, type NodeKey } from "../../wire/index.ts";
import { PeerError } from "../errors.ts";
import { KeptKey, readPeople } from "../kept-people.ts";

const BLOCKS_KEY = "blocks";
/** Each is compared with what is shown and served; a list of this length is 100 kB. */
const MAX_BLOCKS = 2_000;

export interface Block {
  readonly key: NodeKey;
  /** As the person was called when it was blocked: a later name is not taken any more. */
  readonly name: string | null;
  readonly since: number;
}

const Stored = v.object({
  key: KeptKey,
  name: v.nullable(v.string()),
  since: v.number(),
});

/** Kept in the order in which they were blocked. */
export class Blocks {
  readonly #store: Store;
  /** By hex of the key. */
  #blocks: ReadonlyMap<string, Block>;
  /** Changes, one after the other: each writes the whole list. */
  readonly #changes = new Serial();

  private constructor(store: Store, blocks: ReadonlyMap<string, Block>) {
    this.#store = store;
    this.#blocks = blocks;
  }

  static async open(store: Store): Promise<Blocks> {
    return new Blocks(store, await readPeople(store, BLOCKS_KEY, Stored, MAX_BLOCKS));
  }

  get size(): number {
    return this.#blocks.size;
  }

  has(key: NodeKey): boolean {
    return this.#blocks.size > 0 && this.#blocks.has(toHex(key));
  }

  /** Latest first. */
  all(): Block[] {
    return [...this.#blocks.values()].toReversed();
  }

  keys(): NodeKey[] {
    return [...this.#blocks.values()].map(({ key }) => key);
  }

  /**
   * Resolves with whether anything changed, once it is durable.
   * @throws PeerError `BLOCKS_FULL`
   */
  add(block: Block): Promise<boolean> {
    return this.#changes.run(async () => {
      if (this.has(block.key)) return false;
      if (this.#blocks.size >= MAX_BLOCKS) {
        throw new PeerError("BLOCKS_FULL", `At most ${MAX_BLOCKS} people can be blocked.`);
      }
      await this.#write(new Map(this.#blocks).set(toHex(block.key), block));
      return true;
    });
  }

  /** Resolves with whether anything changed, once it is durable. */
  remove(key: NodeKey): Promise<boolean> {
    return this.#changes.run(async () => {
      const blocks = new Map(this.#blocks);
      if (!blocks.delete(toHex(key))) return false;
      await this.#write(blocks);
      return true;
    });
  }

  async #write(blocks: ReadonlyMap<string, Block>): Promise<void> {
    await this.#store.commit({ settings: { [BLOCKS_KEY]: [...blocks.values()] } }, { durability: "strict" });
    this.#blocks = blocks;
  }
}
