import {
  isKnownPrivately,
  ProtocolError,
  withDeadline,
  type Clock,
  type StoreClient,
} from "../mesh/protocols/index.ts";
import type { Mesh } from "../mesh/port.ts";
import type { IntakeOptions } from "../social/index.ts";
import type { EnvelopeFilter, EnvelopeRow, Store } from "../store/port.ts";
import {
  decodeEnvelope,
  decodeObject,
  encodeNodeId,
  equalBytes,
  ObjectType,
  toHex,
  verifyEncoded,
  type Hash,
  type NodeKey,
  type PostEnvelope,
  type SocialPost,
} from "../wire/index.ts";
import type { PostView } from "./api.ts";
import { PeerError } from "./errors.ts";
import type { AuthorMarks } from "./marks.ts";
import { reachOf } from "./network.ts";

/** A person waits; beyond this "not to be had now, try again" serves them better than a skeleton. */
const FETCH_TIMEOUT = 20_000;
/** Envelopes that are looked at for their authors and what they say of the size: honest ones are one or two. */
const ENVELOPES_OF_A_POST = 16;
/** A peer that has just started has its first link within one or two dials through the relay (0.2 to 0.8 s each, measured). */
const FIRST_LINK_TIMEOUT = 5_000;
/** Providers that the DHT is asked for: enough that some are still there, few enough to stop its search early. */
const DHT_PROVIDERS = 8;

export interface ReaderOptions {
  readonly store: Store;
  readonly mesh: Mesh;
  readonly client: StoreClient;
  readonly clock: Clock;
  readonly marks: AuthorMarks;
  /** The verdict on signatures, where it is not made by each peer for itself. */
  readonly verify: IntakeOptions["verify"];
  /** Whether this person wants to see nothing by the author. */
  readonly blocked: (author: NodeKey) => boolean;
  /** Whether this person trusts the peer: only such are asked for what is for trusted people. */
  readonly trusts: (peer: NodeKey) => boolean;
  /** A post is held from now on. */
  readonly onHeld: (post: Hash) => void;
}

/** Full posts: from this store, else from whoever has them, checked against hash, author and signature. */
export class PostReader {
  readonly #options: ReaderOptions;

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  /** @throws PeerError `NOT_FOUND`, `OFFLINE`, `TIMEOUT`, `AUTHOR_BLOCKED`; the signal's reason */
  async read(hash: Hash, signal?: AbortSignal): Promise<PostView> {
    const { blocked, store } = this.#options;
    const held = await heldPost(store, hash, blocked);
    if (held !== null) return held;
    const { bytes, from } = await this.#fetch(hash, signal);
    const post = await this.#verified(bytes);
    // Whoever served it is not to blame: these are the bytes that were asked for.
    if (post === null) throw new PeerError("NOT_FOUND", "What is stored under this hash is not a valid post.");
    refuseBlocked(post, blocked);
    await this.#keep(hash, post, bytes);
    return viewOf(hash, post, bytes.length, encodeNodeId(from));
  }

  /** Bytes of a file of a post, from whoever would have the post. @throws as `read` */
  async medium(post: Hash, hash: Hash, signal: AbortSignal): Promise<Uint8Array> {
    return (await this.#fetch(hash, signal, post)).bytes;
  }

  /** @param found by what its holders are found: a file is where its post is */
  async #fetch(
    hash: Hash,
    outer: AbortSignal | undefined,
    found = hash,
  ): Promise<{ bytes: Uint8Array; from: NodeKey }> {
    const { client, clock, mesh } = this.#options;
    // At once: who has no network is not to look at a skeleton until the deadline.
    if (reachOf(mesh) === "offline") throw new PeerError("OFFLINE", "There is no network now.");
    try {
      return await withDeadline(clock, FETCH_TIMEOUT, outer, (signal) =>
        client.fetchObject(hash, this.#candidates(found, signal), { signal }),
      );
    } catch (cause) {
      outer?.throwIfAborted();
      if (mesh.peers().length === 0) throw new PeerError("OFFLINE", "No peer is connected now.", { cause });
      const code = cause instanceof ProtocolError ? "NOT_FOUND" : "TIMEOUT";
      throw new PeerError(code, "Nobody who could be asked has this post now.", { cause });
    }
  }

  /**
   * Whom to ask, the likeliest first: the author if linked, other neighbours, then what the DHT knows. Nobody but trusted
   * peers learns the hash of what is for trusted people only.
   */
  async *#candidates(hash: Hash, signal: AbortSignal): AsyncGenerator<NodeKey> {
    const { mesh, trusts } = this.#options;
    const authors = this.#rowsOf(hash).map((row) => row.author);
    const isAuthor = (peer: NodeKey): boolean => authors.some((author) => equalBytes(peer, author));
    await this.#firstLink(signal);
    const linked = mesh.peers();
    if (this.#isForTrusted(hash)) {
      const trusted = linked.filter(trusts);
      yield* trusted.filter(isAuthor);
      yield* trusted.filter((peer) => !isAuthor(peer));
      yield* authors.filter(trusts);
      return;
    }
    yield* linked.filter(isAuthor);
    yield* linked.filter((peer) => !isAuthor(peer));
    // A search begins at a neighbour; without one the library waits for one instead of ending.
    if (linked.length > 0) yield* mesh.findProviders(hash, { signal, limit: DHT_PROVIDERS });
    yield* authors;
  }

  #isForTrusted(post: Hash): boolean {
    return isKnownPrivately(this.#options.store, post);
  }

  /** Resolves when there is a link, when it is plain that there will be none, or after {@link FIRST_LINK_TIMEOUT}. */
  #firstLink(signal: AbortSignal): Promise<void> {
    const { clock, mesh } = this.#options;
    return new Promise((resolve) => {
      const ends: (() => void)[] = [];
      const end = (): void => {
        for (const stop of ends) stop();
        resolve();
      };
      const look = (): void => {
        if (reachOf(mesh) !== "searching") end();
      };
      ends.push(mesh.on("peerConnected", look), mesh.on("changed", look), clock.after(FIRST_LINK_TIMEOUT, end), () =>
        signal.removeEventListener("abort", end),
      );
      signal.addEventListener("abort", end);
      look();
    });
  }

  /** Of all who name this post, or of one author. */
  #rowsOf(post: Hash, author?: NodeKey): EnvelopeRow[] {
    const named: EnvelopeFilter = { kind: "relation", relation: "post", target: post };
    const filter: EnvelopeFilter =
      author === undefined ? named : { kind: "every", of: [named, { kind: "authors", authors: [author] }] };
    return this.#options.store.envelopes.query({ filter, limit: ENVELOPES_OF_A_POST });
  }

  async #envelopesOf(post: Hash, author: NodeKey): Promise<PostEnvelope[]> {
    const { envelopes } = this.#options.store;
    const rows = this.#rowsOf(post, author);
    const bytes = await envelopes.bytes(rows.map((row) => row.hash));
    return bytes.flatMap((found) => (found === undefined ? [] : [decodeEnvelope(found)]));
  }

  /**
   * Keeps a fetched post, unless the envelopes that name it are all somebody else's: then it was never published under
   * this hash by its author, as far as is known here.
   * @throws PeerError `NOT_FOUND`
   */
  async #keep(hash: Hash, post: SocialPost, bytes: Uint8Array): Promise<void> {
    const { clock, marks, mesh, onHeld, store } = this.#options;
    const envelopes = await this.#envelopesOf(hash, post.author);
    // Anybody can name a post of others in an envelope: that must not keep it from the readers of its author.
    if (envelopes.length === 0 && this.#rowsOf(hash).length > 0) {
      throw new PeerError("NOT_FOUND", "The author of the envelope did not write this post.");
    }
    for (const envelope of envelopes) {
      // Media count into the size and are fetched apart: here it can only be told that it is less than what was announced.
      const announced = envelope.mediaHints.reduce((sum, { size }) => sum + size, bytes.length);
      const lied = post.media.length === 0 ? envelope.contentSize !== bytes.length : envelope.contentSize < announced;
      if (lied) await marks.add(envelope.author, "SIZE_MISMATCH");
    }
    const storedAt = clock.now();
    // What this person wrote on a device that is lost is theirs here, too.
    const others = this.#isForTrusted(hash) ? "trusted" : "cache";
    const holding = equalBytes(post.author, mesh.self) ? "own" : others;
    await store.commit({ objects: [{ hash, type: ObjectType.SocialPost, bytes, holding, storedAt }] });
    onHeld(hash);
  }

  async #verified(bytes: Uint8Array): Promise<SocialPost | null> {
    try {
      const object = decodeObject(bytes);
      const { verify = verifyEncoded } = this.#options;
      return object.type === "SocialPost" && (await verify(object, bytes)) ? object : null;
    } catch (error) {
      if (error instanceof Error && error.name === "WireError") return null;
      throw error;
    }
  }
}

/**
 * A post that is stored here, or `null`.
 * @throws PeerError `AUTHOR_BLOCKED`
 */
export async function heldPost(
  store: Store,
  hash: Hash,
  blocked: (author: NodeKey) => boolean,
): Promise<PostView | null> {
  const held = await store.object(hash);
  if (held === undefined) return null;
  const object = decodeObject(held.bytes);
  if (object.type !== "SocialPost") return null;
  refuseBlocked(object, blocked);
  return viewOf(hash, object, held.bytes.length, "here");
}

function refuseBlocked(post: SocialPost, blocked: (author: NodeKey) => boolean): void {
  if (blocked(post.author)) throw new PeerError("AUTHOR_BLOCKED", "The author of this post is blocked here.");
}

function viewOf(hash: Hash, post: SocialPost, size: number, from: PostView["from"]): PostView {
  return {
    hash: toHex(hash),
    author: encodeNodeId(post.author),
    text: post.text,
    links: post.links,
    media: post.media.map(toHex),
    size,
    from,
  };
}
