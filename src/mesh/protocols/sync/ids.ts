import { HalfSip } from "../../../hash/index.ts";
import type { Hash } from "../../../wire/index.ts";
import { ID_BYTES, SALT_BYTES } from "./constants.ts";

/**
 * Short ids of envelopes, 64 bits, by a key that the client draws for each run. Hashes would do for honest peers, but who
 * writes envelopes can choose their hashes, so that the differences of two sets cancel out; what it cannot do is choose
 * them for a key that only the neighbours asked are told.
 */
export class ShortIds {
  /** Halves of the last id. */
  low = 0;
  high = 0;
  readonly #sip: HalfSip;

  /** @param salt SALT_BYTES of them */
  constructor(salt: Uint8Array) {
    if (salt.length !== SALT_BYTES) throw new RangeError(`a salt has ${SALT_BYTES} bytes, not ${salt.length}`);
    const view = new DataView(salt.buffer, salt.byteOffset, salt.byteLength);
    this.#sip = new HalfSip(Uint32Array.of(view.getUint32(0, true), view.getUint32(4, true)));
  }

  /** The id of `hash`, into `low` and `high`. */
  take(hash: Hash): void {
    this.#sip.digest(hash, 0, 0);
    this.low = this.#sip.low;
    this.high = this.#sip.high;
  }

  /** The id of `hash` as text, the same as `nameOf` its halves. */
  name(hash: Hash): string {
    this.take(hash);
    return nameOf(this.high, this.low);
  }

  /** The ids of these, in ascending order. */
  list(hashes: readonly Hash[]): SortedHashes {
    const high = new Uint32Array(hashes.length);
    const low = new Uint32Array(hashes.length);
    for (const [at, hash] of hashes.entries()) {
      this.take(hash);
      high[at] = this.high;
      low[at] = this.low;
    }
    const order = new Uint32Array(hashes.length).map((_, at) => at);
    order.sort((a, b) => high[a]! - high[b]! || low[a]! - low[b]!);
    return {
      ids: new IdList(
        order.map((at) => high[at]!),
        order.map((at) => low[at]!),
      ),
      order,
    };
  }
}

export interface SortedHashes {
  readonly ids: IdList;
  /** Where the hash of each id stood. */
  readonly order: Uint32Array;
}

export function nameOf(high: number, low: number): string {
  return `${high.toString(36)}.${low.toString(36)}`;
}

/** Ids in ascending order. */
export class IdList {
  readonly high: Uint32Array;
  readonly low: Uint32Array;

  constructor(high: Uint32Array, low: Uint32Array) {
    this.high = high;
    this.low = low;
  }

  get length(): number {
    return this.high.length;
  }

  /** Where this id stands, -1 if it does not. */
  rank(high: number, low: number): number {
    let from = 0;
    let to = this.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      const isLess = this.high[middle]! < high || (this.high[middle] === high && this.low[middle]! < low);
      if (isLess) from = middle + 1;
      else to = middle;
    }
    return this.high[from] === high && this.low[from] === low ? from : -1;
  }

  name(at: number): string {
    return nameOf(this.high[at]!, this.low[at]!);
  }

  /** Those for which `keep` holds, and `added` beside them. */
  changed(keep: (high: number, low: number) => boolean, added: IdList): IdList {
    const pairs: [number, number][] = [];
    for (let at = 0; at < this.length; at++) {
      if (keep(this.high[at]!, this.low[at]!)) pairs.push([this.high[at]!, this.low[at]!]);
    }
    for (let at = 0; at < added.length; at++) pairs.push([added.high[at]!, added.low[at]!]);
    return IdList.of(pairs);
  }

  static of(pairs: [high: number, low: number][]): IdList {
    pairs.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    return new IdList(
      Uint32Array.from(pairs, ([high]) => high),
      Uint32Array.from(pairs, ([, low]) => low),
    );
  }

  /** ID_BYTES each, most significant byte first. */
  bytes(): Uint8Array {
    const bytes = new Uint8Array(this.length * ID_BYTES);
    const view = new DataView(bytes.buffer);
    for (let at = 0; at < this.length; at++) {
      view.setUint32(at * ID_BYTES, this.high[at]!);
      view.setUint32(at * ID_BYTES + 4, this.low[at]!);
    }
    return bytes;
  }

  /** What `bytes` wrote; `null` when they are not in ascending order, each once. */
  static read(bytes: Uint8Array): IdList | null {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const length = bytes.length / ID_BYTES;
    const list = new IdList(new Uint32Array(length), new Uint32Array(length));
    for (let at = 0; at < length; at++) {
      list.high[at] = view.getUint32(at * ID_BYTES);
      list.low[at] = view.getUint32(at * ID_BYTES + 4);
      if (at === 0 || list.high[at]! > list.high[at - 1]!) continue;
      if (list.high[at]! < list.high[at - 1]! || list.low[at]! <= list.low[at - 1]!) return null;
    }
    return list;
  }
}
