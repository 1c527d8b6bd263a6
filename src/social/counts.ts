import { toHex, type NodeKey } from "../wire/index.ts";
import { BoundedMap } from "./bounded.ts";

/** Ten links at a time and those of the last hours; codes are few. */
const REMEMBERED_PEERS = 256;

/** What was refused, by stable code: in all, and by the peer that sent it. */
export class RefusalCounts {
  readonly #total = new Map<string, number>();
  readonly #peers = new BoundedMap<string, Map<string, number>>(REMEMBERED_PEERS);

  add(from: NodeKey, code: string): void {
    const key = toHex(from);
    const peer = this.#peers.get(key) ?? new Map<string, number>();
    this.#peers.set(key, peer);
    for (const counts of [this.#total, peer]) counts.set(code, (counts.get(code) ?? 0) + 1);
  }

  total(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#total);
  }

  of(peer: NodeKey): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#peers.get(toHex(peer)) ?? []);
  }
}
