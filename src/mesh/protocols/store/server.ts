import { toHex, type NodeKey } from "../../../wire/index.ts";
import type { FrameStream, Mesh } from "../../port.ts";
import type { Clock } from "../clock.ts";
import { misdeedOf, ProtocolError } from "../errors.ts";
import type { Asker, Library } from "../library.ts";
import { PeerBudgets } from "../token-bucket.ts";
import { STORE_PROTOCOL, STORE_SERVER_LIMITS, type StoreServerLimits } from "./constants.ts";
import { Conversation } from "./conversation.ts";

export interface StoreServerOptions {
  readonly mesh: Pick<Mesh, "handle" | "report">;
  readonly library: Library;
  /** Whether this peer may have what is for trusted peers; default: nobody may. */
  readonly trusts?: (peer: NodeKey) => boolean;
  readonly clock: Clock;
  readonly limits?: Partial<StoreServerLimits>;
}

export interface StoreServer {
  /** Streams that are open now. */
  readonly streams: number;
  /** Ends every stream and refuses new ones. */
  stop(): void;
}

/** Answers /mehr/store/1 from now on. */
export function serveStore(options: StoreServerOptions): StoreServer {
  const server = new Server(options);
  options.mesh.handle(STORE_PROTOCOL, (stream) => server.serve(stream));
  return server;
}

class Server implements StoreServer {
  readonly #options: StoreServerOptions;
  readonly #limits: StoreServerLimits;
  readonly #budgets: PeerBudgets<"requests" | "bytes">;
  /** By peer, in hex. */
  readonly #open = new Map<string, Set<Conversation>>();
  #stopped = false;

  constructor(options: StoreServerOptions) {
    this.#options = options;
    this.#limits = { ...STORE_SERVER_LIMITS, ...options.limits };
    this.#budgets = new PeerBudgets({ requests: this.#limits.requests, bytes: this.#limits.bytes });
  }

  get streams(): number {
    let count = 0;
    for (const ofPeer of this.#open.values()) count += ofPeer.size;
    return count;
  }

  stop(): void {
    this.#stopped = true;
    for (const ofPeer of this.#open.values()) for (const conversation of ofPeer) conversation.end(stopped());
  }

  async serve(stream: FrameStream): Promise<void> {
    if (this.#stopped) throw stopped();
    const { clock, library, mesh, trusts } = this.#options;
    const peer = toHex(stream.peer);
    const ofPeer = this.#open.get(peer) ?? new Set();
    if (ofPeer.size >= this.#limits.streamsPerPeer || this.streams >= this.#limits.streams) {
      throw new ProtocolError("BUSY", "Too many streams.");
    }
    const budgets = this.#budgets.of(stream.peer, clock.now());
    const asker = (): Asker => (trusts?.(stream.peer) === true ? "trusted" : "anybody");
    const conversation = new Conversation({ stream, library, clock, asker, limits: this.#limits, ...budgets });
    this.#open.set(peer, ofPeer.add(conversation));
    try {
      await conversation.run();
    } catch (error) {
      const misdeed = misdeedOf(error);
      if (misdeed !== null) mesh.report(stream.peer, misdeed);
      throw error;
    } finally {
      ofPeer.delete(conversation);
      if (ofPeer.size === 0) this.#open.delete(peer);
    }
  }
}

function stopped(): ProtocolError {
  return new ProtocolError("STOPPED", "This peer stopped serving.");
}
