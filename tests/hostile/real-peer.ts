/** Whole peers in this process, linked over WebSockets on loopback in place of relays and WebRTC. */
import { createServer, type AddressInfo } from "node:net";
import { webSockets } from "@libp2p/websockets";
import { multiaddr, type Multiaddr } from "@multiformats/multiaddr";
import { createMesh, type DirectNetwork, type Mesh } from "../../src/mesh/index.ts";
import type { Clock } from "../../src/mesh/protocols/index.ts";
import { startPeer, type Peer } from "../../src/peer/index.ts";
import { entropyOf, OwnIdentity } from "../../src/peer/identity.ts";
import { createMemoryStore, type Store } from "../../src/store/index.ts";
import { toHex, type NodeKey } from "../../src/wire/index.ts";
import { SeededRandom } from "../sim/random.ts";
import { inlineHashing } from "../sim/town.ts";

export interface RealPeer {
  readonly peer: Peer;
  readonly api: Peer["api"];
  readonly mesh: Mesh;
  readonly store: Store;
  readonly address: Multiaddr;
  readonly faults: string[];
}

/** A clock of so many times the speed, for waits of half a minute that a test has no time for. */
export function fastClock(times: number): Clock {
  const begun = Date.now();
  return {
    now: () => Math.floor(begun + (Date.now() - begun) * times),
    after(ms, task) {
      const timer = setTimeout(task, Math.ceil(ms / times));
      return () => clearTimeout(timer);
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Where the peers of one test are. */
export class Neighbourhood {
  readonly #clock: Clock;
  readonly #random: SeededRandom;
  readonly #addresses = new Map<string, string>();
  readonly #peers: RealPeer[] = [];

  constructor(clock: Clock, seed: number) {
    this.#clock = clock;
    this.#random = new SeededRandom(seed);
  }

  /** Transports of somebody who listens nowhere. */
  get transports(): DirectNetwork {
    return {
      transports: [webSockets()],
      listen: [],
      addressesOf: (peer: NodeKey) => [this.#addresses.get(toHex(peer)) ?? []].flat(),
    };
  }

  /** @param words of the identity that it has; default: one of its own */
  async arrive(words?: string): Promise<RealPeer> {
    const address = `/ip4/127.0.0.1/tcp/${await freePort()}/ws`;
    const randomBytes = (length: number): Uint8Array => this.#random.bytes(length);
    const store = createMemoryStore({ randomBytes });
    if (words !== undefined)
      await OwnIdentity.plant(store, {
        entropy: await entropyOf(words),
        createdAt: this.#clock.now(),
        wordsKept: true,
      });
    const faults: string[] = [];
    const made = Promise.withResolvers<Mesh>();
    const peer = await startPeer({
      store,
      clock: this.#clock,
      random: () => this.#random.next(),
      randomBytes,
      estimates: null,
      hashing: inlineHashing,
      stretch: () => Promise.reject(new Error("nothing is encrypted here")),
      createMesh: async (seed, _settings, memory) => {
        const mesh = await createMesh({
          seed,
          relays: [],
          policy: { allowLocal: true },
          clock: this.#clock,
          random: () => this.#random.next(),
          memory,
          network: { ...this.transports, listen: [address] },
        });
        this.#addresses.set(toHex(mesh.self), address);
        made.resolve(mesh);
        return mesh;
      },
      log: (context, error) => faults.push(`${context}: ${error instanceof Error ? error.message : String(error)}`),
    });
    const found = { peer, api: peer.api, mesh: await made.promise, store, address: multiaddr(address), faults };
    this.#peers.push(found);
    return found;
  }

  async end(): Promise<void> {
    await Promise.all(this.#peers.splice(0).map(({ peer }) => peer.stop()));
  }
}
