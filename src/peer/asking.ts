import type { Mesh } from "../mesh/port.ts";
import type { StoreClient } from "../mesh/protocols/index.ts";
import { ObjectType, type Hash, type NodeKey } from "../wire/index.ts";
import type { Receiver } from "./receiver.ts";

export interface AskingOptions {
  readonly mesh: Pick<Mesh, "self" | "peers" | "findProviders">;
  readonly client: StoreClient;
  readonly receiver: Pick<Receiver, "found">;
}

/** Peers that are asked for one lost record in a round of repairs. */
const MAX_ASKED = 8;

/** Asks others for single things that are missing here. */
export class Asking {
  readonly #options: AskingOptions;

  constructor(options: AskingOptions) {
    this.#options = options;
  }

  /** Asks this neighbour for the own profile; resolves when what it has is stored. */
  async ownProfile(peer: NodeKey, signal: AbortSignal): Promise<void> {
    await this.#profileAt(peer, this.#options.mesh.self, signal);
  }

  /** Asks neighbours for a profile; resolves when what they have is stored. */
  async profile(owner: NodeKey, signal: AbortSignal): Promise<void> {
    for (const peer of this.#options.mesh.peers().slice(0, MAX_ASKED)) await this.#profileAt(peer, owner, signal);
  }

  /** Bytes of an envelope or object, from neighbours or whom the DHT names. @throws ProtocolError, MeshError */
  async object(hash: Hash, signal: AbortSignal): Promise<Uint8Array> {
    const { client, mesh } = this.#options;
    const candidates = async function* (): AsyncGenerator<NodeKey> {
      const linked = mesh.peers();
      yield* linked;
      if (linked.length > 0) yield* mesh.findProviders(hash, { signal, limit: MAX_ASKED });
    };
    return (await client.fetchObject(hash, candidates(), { signal })).bytes;
  }

  async #profileAt(peer: NodeKey, owner: NodeKey, signal: AbortSignal): Promise<void> {
    const { client, receiver } = this.#options;
    const [versions = []] = await client.heads(peer, [{ type: ObjectType.UserProfile, owner, name: "" }], { signal });
    await receiver.found({ owner, versions, from: peer });
  }
}
