/** Keeps a simulated peer linked to those that it wants, as the maintainer of the real mesh does. */
import { backoff } from "../../src/mesh/backoff.ts";
import { toHex, type NodeKey } from "../../src/wire/index.ts";
import type { SimMesh } from "./mesh.ts";
import type { SimNetwork } from "./network.ts";

/** As in src/mesh/maintainer.ts. */
const RETRY_BASE = 2_000;
const RETRY_MAX = 300_000;
/** With so many links nobody is dialled, wanted or not (src/mesh/options.ts, `maxPeers`). */
const MOST_LINKS = 12;

export class Wanted {
  readonly #mesh: SimMesh;
  readonly #network: SimNetwork;
  readonly #peers = new Map<string, NodeKey>();
  /** Waits for the next attempt, by peer. */
  readonly #waits = new Map<string, () => void>();

  constructor(mesh: SimMesh, network: SimNetwork) {
    this.#mesh = mesh;
    this.#network = network;
  }

  set(peers: readonly NodeKey[]): void {
    const wanted = new Set(peers.map(toHex));
    for (const key of this.#peers.keys()) if (!wanted.has(key)) this.#forget(key);
    for (const peer of peers) {
      if (this.#peers.has(toHex(peer))) continue;
      this.#peers.set(toHex(peer), peer);
      this.#dialAfter(peer, 0, 0);
    }
  }

  has(peer: NodeKey): boolean {
    return this.#peers.has(toHex(peer));
  }

  unlinked(peer: NodeKey): void {
    if (this.#peers.has(toHex(peer))) this.#retry(peer, 1);
  }

  stop(): void {
    this.set([]);
  }

  #retry(peer: NodeKey, failures: number): void {
    const { random } = this.#network;
    this.#dialAfter(
      peer,
      backoff(failures, RETRY_BASE, RETRY_MAX, () => random.next()),
      failures,
    );
  }

  #dialAfter(peer: NodeKey, wait: number, failures: number): void {
    const key = toHex(peer);
    this.#waits.get(key)?.();
    this.#waits.set(
      key,
      this.#network.clock.after(wait, () => {
        this.#waits.delete(key);
        if (this.#mesh.linkCount >= MOST_LINKS && !this.#mesh.isLinked(peer)) {
          this.#retry(peer, failures + 1);
          return;
        }
        this.#mesh.connect(peer).catch(() => {
          // Not there, or not reachable: like the maintainer, it is tried again for as long as it is wanted.
          if (this.#peers.has(key)) this.#retry(peer, failures + 1);
        });
      }),
    );
  }

  #forget(key: string): void {
    this.#peers.delete(key);
    this.#waits.get(key)?.();
    this.#waits.delete(key);
  }
}
