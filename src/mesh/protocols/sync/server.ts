import { toHex, type NodeKey } from "../../../wire/index.ts";
import type { FrameStream, Mesh } from "../../port.ts";
import type { Audience } from "../audience.ts";
import type { Clock } from "../clock.ts";
import { misdeedOf, ProtocolError } from "../errors.ts";
import type { Library } from "../library.ts";
import { PeerBudgets, TokenBucket } from "../token-bucket.ts";
import { SYNC_PROTOCOL, SYNC_SERVER_LIMITS, type SyncServerLimits } from "./constants.ts";

export interface SyncServerOptions {
  readonly mesh: Pick<Mesh, "handle" | "report">;
  readonly library: Library;
  readonly audience: Audience;
  readonly clock: Clock;
  readonly limits?: Partial<SyncServerLimits>;
}

export interface SyncServer {
  /** Resolves when this peer has nothing open with us; `null` when it has not. */
  served(peer: NodeKey): Promise<void> | null;
  /** Ends every stream and refuses new ones. */
  stop(): void;
}

/** Answers /mehr/sync/1 from now on. What it takes is loaded when somebody asks. */
export function serveSync(options: SyncServerOptions): SyncServer {
  const server = new Server(options);
  options.mesh.handle(SYNC_PROTOCOL, (stream) => server.serve(stream));
  return server;
}

interface Served {
  readonly ended: AbortController;
  readonly done: Promise<void>;
}

class Server implements SyncServer {
  readonly #options: SyncServerOptions;
  readonly #limits: SyncServerLimits;
  readonly #budgets: PeerBudgets<"rows" | "bytes">;
  readonly #allRows: TokenBucket;
  readonly #streams = new Map<string, Served>();
  #stopped = false;

  constructor(options: SyncServerOptions) {
    this.#options = options;
    this.#limits = { ...SYNC_SERVER_LIMITS, ...options.limits };
    this.#budgets = new PeerBudgets({ rows: this.#limits.rows, bytes: this.#limits.bytes });
    this.#allRows = new TokenBucket(this.#limits.allRows, options.clock.now());
  }

  served(peer: NodeKey): Promise<void> | null {
    const stream = this.#streams.get(toHex(peer));
    return stream === undefined ? null : stream.done;
  }

  stop(): void {
    this.#stopped = true;
    for (const { ended } of this.#streams.values()) ended.abort(stopped());
  }

  async serve(stream: FrameStream): Promise<void> {
    if (this.#stopped) throw stopped();
    const { audience, clock, library, mesh } = this.#options;
    const key = toHex(stream.peer);
    const earlier = this.#streams.get(key);
    if (earlier === undefined && this.#streams.size >= this.#limits.streams) {
      throw new ProtocolError("BUSY", "Too many reconcile.");
    }
    // A second stream of one peer means that it lost the first and this side has not noticed yet.
    earlier?.ended.abort(new ProtocolError("STOPPED", "The peer opened another stream."));
    const ended = new AbortController();
    let finish = (): void => undefined;
    const done = new Promise<void>((resolve) => {
      finish = resolve;
    });
    this.#streams.set(key, { ended, done });
    try {
      const { Conversation } = await import("./conversation.ts");
      const { bytes, rows } = this.#budgets.of(stream.peer, clock.now());
      const budgets = { bytes, rows: [rows, this.#allRows], stalled: this.#limits.stalled };
      await new Conversation({ stream, library, audience, clock, ...budgets, signal: ended.signal }).run();
    } catch (error) {
      const misdeed = misdeedOf(error);
      if (misdeed !== null) mesh.report(stream.peer, misdeed);
      throw error;
    } finally {
      if (this.#streams.get(key)?.ended === ended) this.#streams.delete(key);
      finish();
    }
  }
}

function stopped(): ProtocolError {
  return new ProtocolError("STOPPED", "This peer stopped serving.");
}
