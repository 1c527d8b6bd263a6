/** Real peers on a simulated network: the composition of src/peer, unchanged, with stores in memory. */
// Loaded beforehand: what is imported while it runs takes time outside of the virtual clock.
import "../../src/mesh/protocols/sync/conversation.ts";
import "../../src/mesh/protocols/sync/session.ts";
import { startPeer, type EnvelopeView, type FeedSpec, type IdentityApi, type Peer } from "../../src/peer/index.ts";
import { blake3, outboardOfBlob } from "../../src/hash/index.ts";
// Loaded when a peer first looks for something, which here must take no time.
import "../../src/peer/defence/alike.ts";
import "../../src/peer/defence/judging.ts";
import "../../src/peer/finding/searching.ts";
import "../../src/peer/media/files.ts";
import "../../src/peer/publishing/posts.ts";
import "../../src/peer/publishing/profile.ts";
import "../../src/peer/curation/curators.ts";
import "../../src/peer/curation/making.ts";
import "../../src/peer/curation/views.ts";
import "../../src/peer/feeds/following-curated.ts";
import "../../src/peer/feeds/known-curated.ts";
// Loaded when an identity is made, and when its words are asked for.
import "../../src/wire/phrase.ts";
// Loaded some seconds after the start.
import "../../src/peer/notices/desk.ts";
import "../../src/peer/threads/reading.ts";
// Loaded when a person first writes, and when what was shared is looked at.
import "../../src/peer/arriving/queue.ts";
import "../../src/peer/publishing/posts.ts";
import "../../src/peer/publishing/profile.ts";
import { createMemoryStore, type Store } from "../../src/store/index.ts";
import type { Clock } from "../../src/mesh/protocols/index.ts";
import { createSigner, toHex, verifyObject } from "../../src/wire/index.ts";
import { VirtualClock } from "./clock.ts";
import type { SimMesh } from "./mesh.ts";
import { SimNetwork, type NetworkOptions } from "./network.ts";
import { SeededRandom } from "./random.ts";

/** In one process of many peers there is no worker: files are hashed where they are. */
export const inlineHashing = { outboard: (file: Blob) => outboardOfBlob(file), close: () => undefined };

/** In place of Argon2id, which takes a second of real time: what it is used for does not depend on how slow it is. */
export const cheapStretch = async (passphrase: Uint8Array, salt: Uint8Array): Promise<Uint8Array> =>
  blake3(Uint8Array.of(...salt, ...passphrase));

export interface Resident {
  readonly peer: Peer;
  readonly api: IdentityApi;
  readonly store: Store;
  readonly mesh: SimMesh;
  /** Faults that the peer logged. */
  readonly faults: string[];
}

/** A network of peers that start empty. Verdicts are shared between them, never skipped. */
export class Town {
  readonly clock = new VirtualClock();
  readonly network: SimNetwork;
  readonly residents: Resident[] = [];
  readonly #verdicts = new Map<string, Promise<boolean>>();

  constructor(options: Omit<NetworkOptions, "clock">) {
    this.network = new SimNetwork({ ...options, clock: this.clock });
  }

  /** A new peer; on a store that was used before, the one that comes back. */
  async arrive(known?: Store, own: Clock = this.clock): Promise<Resident> {
    const { clock, network } = this;
    const randomBytes = (length: number): Uint8Array => network.random.bytes(length);
    const store = known ?? createMemoryStore({ randomBytes });
    const faults: string[] = [];
    let joined: (mesh: SimMesh) => void = () => undefined;
    const mesh = new Promise<SimMesh>((resolve) => (joined = resolve));
    const peer = await clock.track(
      startPeer({
        store,
        clock: own,
        random: () => network.random.next(),
        randomBytes,
        estimates: null,
        hashing: inlineHashing,
        createMesh: async (seed) => {
          const signer = await clock.track(createSigner(seed));
          const made = network.createMesh(signer.publicKey, (message) => clock.track(signer.sign(message)));
          joined(made);
          return made;
        },
        stretch: cheapStretch,
        log: (context, error) => faults.push(`${context}: ${error instanceof Error ? error.message : String(error)}`),
        signing: (own) => ({ publicKey: own.publicKey, sign: (message) => clock.track(own.sign(message)) }),
        verify: (object, bytes) => {
          const key = toHex(bytes);
          const verdict = this.#verdicts.get(key) ?? clock.track(verifyObject(object));
          this.#verdicts.set(key, verdict);
          return verdict;
        },
      }),
    );
    const resident = { peer, api: peer.api, store, mesh: await clock.track(mesh), faults };
    await clock.settle();
    this.residents.push(resident);
    return resident;
  }

  async leave(resident: Resident): Promise<void> {
    await this.clock.track(resident.peer.stop());
    this.residents.splice(this.residents.indexOf(resident), 1);
  }
}

/** A store in memory that a peer can leave and come back to: closing it does nothing. */
export function lastingStore(seed: number): Store {
  const random = new SeededRandom(seed);
  const store = createMemoryStore({ randomBytes: (length) => random.bytes(length) });
  store.close = () => Promise.resolve();
  return store;
}

export async function hashesOf(resident: Resident, feed: FeedSpec = { kind: "home" }): Promise<string[]> {
  const rows: readonly EnvelopeView[] = await resident.api.feed({ feed, limit: 1_000 });
  return rows.map((row) => row.hash).toSorted();
}

export function draftOf(text: string, scopes: readonly string[] = ["g:cyberspace/commons"]) {
  return { id: `draft ${text.slice(0, 40)}`, headline: "", summary: "", text, scopes, replyTo: null, updated: 0 };
}
