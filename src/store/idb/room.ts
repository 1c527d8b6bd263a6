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
/** When that is not enough for what a person wrote: so many times as much. */
const MORE = 4;
/**
 * A file that was read goes when the browser has done away with the object that it was read through, some time after its
 * record: what a person wrote waits a little for that.
 */
export const ROOM_PAUSES: readonly number[] = [500, 2_500];
/** After a collection that freed too little, writes of what can be fetched again do not begin another for so long. */
const BARREN = 30_000;

export interface RoomParts {
  readonly collector: Collector;
  readonly reserve: Reserve;
  readonly now: () => number;
  readonly freeable: () => Freeable;
  /** Waited for in turn when what was freed is not there yet, milliseconds. */
  readonly pauses: readonly number[];
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
   * Runs `write`; when there is no room, again after caches were collected, and what a person wrote once more after that
   * with a piece of the reserve. `write` keeps nothing when it fails. No other write may run meanwhile.
   * @throws StoreError `STORE_QUOTA` with what could be freed; what `write` throws
   */
  async write<T>(bytes: number, isPersonal: boolean, write: () => Promise<T>): Promise<T> {
    const outcomes = this.#attempts(bytes, isPersonal, write);
    let last = await outcomes.next();
    while (last.done !== true && "fault" in last.value) last = await outcomes.next();
    if (last.done !== true && "value" in last.value) return last.value.value;
    throw new StoreError("STORE_QUOTA", "no room left for this site", { freeable: this.#parts.freeable() });
  }

  async *#attempts<T>(bytes: number, isPersonal: boolean, write: () => Promise<T>): AsyncGenerator<Attempt<T>> {
    const { collector, freeable, now, onReserveUsed, pauses, reserve } = this.#parts;
    yield await attempt(write);
    if (!isPersonal && now() < this.#barrenUntil) return;
    const { objects, blobs, envelopes } = freeable();
    const least = Math.max(1, 2 * bytes, Math.min(LEAST_FREED, (objects + blobs + envelopes) * LEAST_SHARE));
    for (const share of isPersonal ? [least, least * MORE] : [least]) {
      const freed = await collector.collect({ bytes: share }, (step) => step());
      if (freed.bytes < share) this.#barrenUntil = now() + BARREN;
      yield await attempt(write);
      if (isPersonal && (await reserve.release())) {
        onReserveUsed();
        yield await attempt(write);
      }
      for (const pause of isPersonal ? pauses : []) {
        await new Promise((resolve) => setTimeout(resolve, pause));
        yield await attempt(write);
      }
      if (freed.bytes < share) break;
    }
    if (!isPersonal) return;
    while (await reserve.release()) {
      onReserveUsed();
      yield await attempt(write);
    }
  }
}

type Attempt<T> = { readonly value: T } | { readonly fault: StoreError };

async function attempt<T>(write: () => Promise<T>): Promise<Attempt<T>> {
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
