import { toHex, type Hash, type NodeKey, type PostEnvelope } from "../../../wire/index.ts";
import { MeshError } from "../../errors.ts";
import type { Mesh } from "../../port.ts";
import { pause, type Clock } from "../clock.ts";
import { misdeedOf, ProtocolError } from "../errors.ts";
import { Claims } from "./claims.ts";
import { FIRST_RETRY, LAST_RETRY, PUB_PROTOCOL } from "./constants.ts";
import { CursorBook, type CursorStore } from "./cursors.ts";
import { assigned } from "./assignment.ts";
import { PubSession } from "./session.ts";
import type { Subscription, Target } from "./subscription.ts";

/** An envelope as it came: nothing is checked but, where it was asked for by hash, that hash. */
export interface Delivered {
  /** Of the envelope, also where `bytes` is a promoted message that holds it. */
  readonly hash: Hash;
  readonly bytes: Uint8Array;
}

export interface Delivery {
  readonly from: NodeKey;
  /** What this server was asked for, as far as it may still be sending it: what it delivers has to be within it. */
  readonly targets: () => readonly Target[];
  /** Whether a subscription covers this envelope: a server that sends others is not doing what it was asked. */
  asked(envelope: Pick<PostEnvelope, "author" | "scopes">): boolean;
}

export interface PubClientOptions {
  readonly mesh: Pick<Mesh, "self" | "peers" | "openStream" | "on" | "report">;
  readonly clock: Clock;
  /** In [0, 1); spreads retries. */
  readonly random: () => number;
  readonly cursors: CursorStore;
  /** Whether this envelope is held here, or as good as. */
  readonly known: (hash: Hash) => boolean;
  /**
   * Checks and stores. Resolves when what is valid is durable and `known`: the cursor moves on after that. A rejection
   * ends the stream, which is tried again later from the last cursor.
   */
  readonly receive: (items: readonly Delivered[], delivery: Delivery) => Promise<void>;
  /** Why a stream to a neighbour ended; for the log. */
  readonly onFailure?: (server: NodeKey, error: unknown) => void;
}

export interface PubClient {
  /** What to ask of every neighbour, now and of those to come. Replaces what was asked before. */
  subscribe(subscriptions: readonly Subscription[]): void;
  /** Neighbours that have delivered everything they hold. */
  caughtUp(): NodeKey[];
  /** Reads everything anew from every neighbour: something was refused that would not be refused now. */
  reread(): Promise<void>;
  /** Ends all streams; resolves when the cursors are saved. */
  stop(): Promise<void>;
}

/** Keeps one stream to every linked peer from now on, and reads from each what it was away for and what comes. */
export function createPubClient(options: PubClientOptions): PubClient {
  return new Client(options);
}

interface Neighbour {
  readonly key: NodeKey;
  readonly left: AbortController;
  session: PubSession | null;
  done: Promise<void>;
}

class Client implements PubClient {
  readonly #options: PubClientOptions;
  readonly #claims = new Claims();
  readonly #neighbours = new Map<string, Neighbour>();
  readonly #unsubscribe: (() => void)[];
  #subscriptions: readonly Subscription[] = [];
  #stopped = false;

  constructor(options: PubClientOptions) {
    this.#options = options;
    const { mesh } = options;
    this.#unsubscribe = [
      mesh.on("peerConnected", (peer) => this.#meet(peer)),
      mesh.on("peerDisconnected", (peer) => this.#part(peer)),
    ];
    for (const peer of mesh.peers()) this.#meet(peer);
  }

  subscribe(subscriptions: readonly Subscription[]): void {
    this.#subscriptions = subscriptions;
    for (const neighbour of this.#neighbours.values()) {
      neighbour.session?.subscribe(assigned(subscriptions, neighbour.key));
    }
  }

  caughtUp(): NodeKey[] {
    return [...this.#neighbours.values()]
      .filter((neighbour) => neighbour.session?.isCaughtUp === true)
      .map((neighbour) => neighbour.key);
  }

  async reread(): Promise<void> {
    await this.#options.cursors.clear();
    // A server does not announce twice on one stream, so each neighbour gets a new one.
    for (const neighbour of this.#neighbours.values()) neighbour.session?.restart();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    const neighbours = [...this.#neighbours.values()];
    for (const neighbour of neighbours) neighbour.left.abort(stopped());
    await Promise.all(neighbours.map((neighbour) => neighbour.done));
  }

  #meet(peer: NodeKey): void {
    const key = toHex(peer);
    if (this.#stopped || this.#neighbours.has(key)) return;
    const neighbour: Neighbour = { key: peer, left: new AbortController(), session: null, done: Promise.resolve() };
    this.#neighbours.set(key, neighbour);
    neighbour.done = this.#keep(neighbour).finally(() => {
      if (this.#neighbours.get(key) === neighbour) this.#neighbours.delete(key);
    });
  }

  #part(peer: NodeKey): void {
    const key = toHex(peer);
    const neighbour = this.#neighbours.get(key);
    if (neighbour === undefined) return;
    // Gone at once, so that a peer that comes right back is met again while the old stream still winds up.
    this.#neighbours.delete(key);
    neighbour.left.abort(new MeshError("UNREACHABLE", "The neighbour has left."));
  }

  /** A stream for as long as the neighbour is linked; when it breaks, another one after a while. */
  async #keep(neighbour: Neighbour): Promise<void> {
    const { clock, onFailure, random } = this.#options;
    const { signal } = neighbour.left;
    let wait = FIRST_RETRY;
    while (!signal.aborted) {
      const opened = clock.now();
      try {
        await this.#converse(neighbour, signal);
      } catch (error) {
        if (signal.aborted) return;
        this.#blame(neighbour.key, error);
        onFailure?.(neighbour.key, error);
        if (error instanceof MeshError && error.code === "PROTOCOL_UNSUPPORTED") return;
      }
      // A stream that held for a while was fine: what ended it is new.
      if (clock.now() - opened > LAST_RETRY) wait = FIRST_RETRY;
      // Half of the wait is random: neighbours that lost a server together do not return together.
      // The neighbour leaving is the end of the loop, not a failure.
      await pause(clock, wait * (0.5 + random() / 2), signal).catch(() => undefined);
      wait = Math.min(wait * 2, LAST_RETRY);
    }
  }

  async #converse(neighbour: Neighbour, signal: AbortSignal): Promise<void> {
    const { cursors, mesh } = this.#options;
    const book = new CursorBook(await cursors.load(neighbour.key));
    const stream = await mesh.openStream(neighbour.key, PUB_PROTOCOL, { signal });
    const session = new PubSession({ ...this.#options, stream, book, claims: this.#claims });
    neighbour.session = session;
    try {
      session.subscribe(assigned(this.#subscriptions, neighbour.key));
      await session.run(signal);
    } finally {
      neighbour.session = null;
    }
  }

  #blame(peer: NodeKey, error: unknown): void {
    const misdeed = misdeedOf(error);
    if (misdeed !== null) this.#options.mesh.report(peer, misdeed);
  }
}

function stopped(): ProtocolError {
  return new ProtocolError("STOPPED", "This peer stopped asking.");
}
