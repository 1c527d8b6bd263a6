import { equalBytes, hashOf, toHex, type Hash, type NodeKey } from "../../../wire/index.ts";
import { MeshError } from "../../errors.ts";
import type { Mesh } from "../../port.ts";
import { type Clock } from "../clock.ts";
import { ProtocolError } from "../errors.ts";
import { MAX_HAS, MAX_HEADS } from "./constants.ts";
import { fetchFirst, type FetchOptions, type Fetched } from "./fetch.ts";
import type { HeadKey, StoreAnswer } from "./messages.ts";
import { StoreSession } from "./session.ts";

export interface CallOptions {
  readonly signal?: AbortSignal;
}

export interface StoreClientOptions {
  readonly mesh: Pick<Mesh, "self" | "peers" | "openStream" | "report">;
  readonly clock: Clock;
}

/**
 * Asks peers over /mehr/store/1. Every call keeps one stream per peer open for a while, so questions cost no handshake.
 *
 * Every call throws MeshError (`UNREACHABLE`, `TIMEOUT`, `STREAM_RESET`, `PROTOCOL_UNSUPPORTED`), ProtocolError
 * (`BUSY`, `UNSUPPORTED`, `REMOTE_FAULT`, `MALFORMED`, `VIOLATION`, `STOPPED`) or the signal's reason.
 */
export interface StoreClient {
  /** Bytes that hash to `hash`. @throws ProtocolError `NOT_FOUND`, `TOO_LARGE`, and `BAD_HASH` after reporting the peer */
  get(peer: NodeKey, hash: Hash, options?: CallOptions): Promise<Uint8Array>;
  /** Whether the peer says that it holds each of these. Any number; asked in batches. */
  has(peer: NodeKey, hashes: readonly Hash[], options?: CallOptions): Promise<boolean[]>;
  /**
   * The newest versions of mutable objects that the peer holds, in the order of `keys`: none, one, or two when it saw a
   * fork. Nothing about them is checked here. Any number; asked in batches.
   */
  heads(peer: NodeKey, keys: readonly HeadKey[], options?: CallOptions): Promise<(readonly Uint8Array[])[]>;
  /**
   * Asks several peers, the next one whenever the ones before take long or fail; the first verified answer wins. A linked one
   * whose stream broke is asked once more.
   * @throws ProtocolError `NO_PROVIDERS`, `NOT_FOUND`, `TOO_LARGE` or `UNREACHABLE`
   */
  fetchObject(
    hash: Hash,
    candidates: Iterable<NodeKey> | AsyncIterable<NodeKey>,
    options?: FetchOptions,
  ): Promise<Fetched>;
  /** Ends all streams; what is under way rejects with `STOPPED`. */
  stop(): void;
}

export function createStoreClient(options: StoreClientOptions): StoreClient {
  return new Client(options);
}

class Client implements StoreClient {
  readonly #mesh: StoreClientOptions["mesh"];
  readonly #clock: Clock;
  readonly #sessions = new Map<string, StoreSession>();
  #stopped = false;

  constructor(options: StoreClientOptions) {
    this.#mesh = options.mesh;
    this.#clock = options.clock;
  }

  async get(peer: NodeKey, hash: Hash, options: CallOptions = {}): Promise<Uint8Array> {
    const answer = await this.#session(peer).ask((id) => ({ kind: "get", id, hash }), options.signal);
    const { bytes } = this.#expect(peer, answer, "object");
    if (!equalBytes(hashOf(bytes), hash)) {
      this.#mesh.report(peer, "BAD_HASH");
      throw new ProtocolError("BAD_HASH", "The bytes of the answer have another hash.");
    }
    return bytes;
  }

  async has(peer: NodeKey, hashes: readonly Hash[], options: CallOptions = {}): Promise<boolean[]> {
    const held: boolean[] = [];
    for (let at = 0; at < hashes.length; at += MAX_HAS) {
      const batch = hashes.slice(at, at + MAX_HAS);
      const answer = await this.#session(peer).ask((id) => ({ kind: "has", id, hashes: batch }), options.signal);
      const { bitmap } = this.#expect(peer, answer, "held");
      if (bitmap.length !== Math.ceil(batch.length / 8)) throw this.#misdeed(peer, "VIOLATION", "A bitmap too short.");
      for (const bit of batch.keys()) held.push((((bitmap[bit >> 3] ?? 0) >> (bit & 7)) & 1) === 1);
    }
    return held;
  }

  async heads(peer: NodeKey, keys: readonly HeadKey[], options: CallOptions = {}): Promise<(readonly Uint8Array[])[]> {
    const found: (readonly Uint8Array[])[] = [];
    while (found.length < keys.length) {
      const batch = keys.slice(found.length, found.length + MAX_HEADS);
      const answer = await this.#session(peer).ask((id) => ({ kind: "head", id, keys: batch }), options.signal);
      const { versions } = this.#expect(peer, answer, "heads");
      if (versions.length > batch.length) throw this.#misdeed(peer, "VIOLATION", "More heads than were asked for.");
      found.push(...versions);
    }
    return found;
  }

  async fetchObject(
    hash: Hash,
    candidates: Iterable<NodeKey> | AsyncIterable<NodeKey>,
    options: FetchOptions = {},
  ): Promise<Fetched> {
    const ask = async (peer: NodeKey, signal: AbortSignal): Promise<Uint8Array> => {
      try {
        return await this.get(peer, hash, { signal });
      } catch (error) {
        signal.throwIfAborted();
        // Of two links that were dialled at once one is closed, and who came back may have been dialled in vain until then.
        const isBroken = error instanceof MeshError && (error.code === "STREAM_RESET" || error.code === "UNREACHABLE");
        if (!isBroken || !this.#isLinked(peer)) throw error;
        return await this.get(peer, hash, { signal });
      }
    };
    return fetchFirst({ self: this.#mesh.self, clock: this.#clock, candidates, ask, ...options });
  }

  stop(): void {
    this.#stopped = true;
    for (const session of this.#sessions.values()) {
      session.end(new ProtocolError("STOPPED", "This peer stopped asking."));
    }
    this.#sessions.clear();
  }

  #isLinked(peer: NodeKey): boolean {
    return this.#mesh.peers().some((linked) => equalBytes(linked, peer));
  }

  #session(peer: NodeKey): StoreSession {
    if (this.#stopped) throw new ProtocolError("STOPPED", "This peer stopped asking.");
    const key = toHex(peer);
    const known = this.#sessions.get(key);
    if (known !== undefined) return known;
    const session = new StoreSession({
      peer,
      mesh: this.#mesh,
      clock: this.#clock,
      onIdle: () => {
        if (this.#sessions.get(key) === session) this.#sessions.delete(key);
      },
    });
    this.#sessions.set(key, session);
    return session;
  }

  #expect<Kind extends StoreAnswer["kind"]>(
    peer: NodeKey,
    answer: StoreAnswer,
    kind: Kind,
  ): Extract<StoreAnswer, { kind: Kind }> {
    if (answer.kind === "refused") {
      throw new ProtocolError(answer.code, "The peer refused.", { retryAfter: answer.retryAfter });
    }
    if (answer.kind !== kind) throw this.#misdeed(peer, "VIOLATION", "An answer to another question.");
    return answer as Extract<StoreAnswer, { kind: Kind }>;
  }

  #misdeed(peer: NodeKey, code: "VIOLATION", message: string): ProtocolError {
    this.#mesh.report(peer, code);
    this.#sessions.get(toHex(peer))?.end(new ProtocolError(code, message));
    return new ProtocolError(code, message);
  }
}
