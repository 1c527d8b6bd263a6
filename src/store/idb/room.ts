import { StoreError } from "../errors.ts";
import type { Freeable, WriteBatch } from "../port.ts";
import type { Collector } from "./collector.ts";
import type { Reserve } from "./reserve.ts";

/**
 * Freed when there is no room, at least: not every small write is to begin a collection of its own. Of a small disk only a
 * share, or one large write would empty it.
 */
const LEAST_FREED = 4 * 1024 * 1024;
const LEAST_SHARE = 1 / 8;
/** After a collection that freed too little, writes of what can be fetched again do not begin another for so long. */
const BARREN = 30_000;

export interface RoomParts {
  readonly collector: Collector;
  readonly reserve: Reserve;
  readonly now: () => number;
  readonly freeable: () => Freeable;
  /** A piece of the reserve was used. */
  readonly onReserveUsed: () => void;
}

/** Makes room for what is to be written when the browser says that there is none. */
export class Room {
  readonly #parts: RoomParts;
  #barrenUntil = 0;

  constructor(parts: RoomParts) {
    this.#parts = parts;
  }

  /**
   * Runs `write`; when there is no room, once more after caches were collected, and what a person wrote once more after
   * that with a piece of the reserve. `write` keeps nothing when it fails. No other write may run meanwhile.
   * @throws StoreError `STORE_QUOTA` with what could be freed; what `write` throws
   */
  async write<T>(bytes: number, isPersonal: boolean, write: () => Promise<T>): Promise<T> {
    const first = await attempt(write);
    if ("value" in first) return first.value;
    let { fault } = first;
    if (isPersonal || this.#parts.now() >= this.#barrenUntil) {
      const { objects, blobs, envelopes } = this.#parts.freeable();
      const wanted = Math.max(2 * bytes, Math.min(LEAST_FREED, (objects + blobs + envelopes) * LEAST_SHARE));
      const freed = await this.#parts.collector.collect({ bytes: wanted }, (step) => step());
      if (freed.bytes < wanted) this.#barrenUntil = this.#parts.now() + BARREN;
      const second = await attempt(write);
      if ("value" in second) return second.value;
      ({ fault } = second);
    }
    if (isPersonal) {
      while (await this.#parts.reserve.release()) {
        this.#parts.onReserveUsed();
        const last = await attempt(write);
        if ("value" in last) return last.value;
        ({ fault } = last);
      }
    }
    throw new StoreError("STORE_QUOTA", fault.message, { cause: fault, freeable: this.#parts.freeable() });
  }
}

async function attempt<T>(write: () => Promise<T>): Promise<{ value: T } | { fault: StoreError }> {
  try {
    return { value: await write() };
  } catch (fault) {
    if (fault instanceof StoreError && fault.code === "STORE_QUOTA") return { fault };
    throw fault;
  }
}

/** About as many bytes as the batch takes on the disk. */
export function sizeOfBatch({ envelopes = [], objects = [], outboxPut = [], heads = [] }: WriteBatch): number {
  return [...envelopes, ...objects, ...outboxPut, ...heads].reduce((sum, { bytes }) => sum + bytes.length, 0);
}
