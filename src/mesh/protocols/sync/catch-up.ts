import { BoundedMap } from "../../../social/index.ts";
import { equalBytes, toHex, type Hash, type NodeKey } from "../../../wire/index.ts";
import { MeshError } from "../../errors.ts";
import type { Mesh } from "../../port.ts";
import type { Clock } from "../clock.ts";
import { misdeedOf } from "../errors.ts";
import type { LibraryEnvelopes } from "../library.ts";
import type { Claims } from "../pub/claims.ts";
import type { Delivered } from "../delivered.ts";
import type { Delivery } from "../pub/client.ts";
import type { Started } from "../pub/starts.ts";
import { Matcher, targetKey, type Target } from "../pub/subscription.ts";
import { LEAST_HELD, MAX_FRUITLESS, PROGRESS_DELAY, SYNC_PROTOCOL } from "./constants.ts";
import { ShortIds } from "./ids.ts";
import type { Place } from "./messages.ts";
import type { Progress, ProgressStore } from "./progress.ts";
import type { SyncSession } from "./session.ts";
import { isSyncTarget, Stock, type SyncTarget } from "./targets.ts";

export interface CatchUpOptions {
  readonly mesh: Pick<Mesh, "openStream">;
  readonly clock: Clock;
  /** Drawn for this run, SALT_BYTES that nobody can foresee. */
  readonly salt: Uint8Array;
  /** What is held here. */
  readonly envelopes: LibraryEnvelopes;
  readonly progress: ProgressStore;
  /** What the own server says of a neighbour: `SyncServer.served`. */
  readonly served: (peer: NodeKey) => Promise<void> | null;
  /** As for the client of /mehr/pub/1. */
  readonly known: (hash: Hash) => boolean;
  readonly receive: (items: readonly Delivered[], delivery: Delivery) => Promise<void>;
  readonly started?: (started: Started) => Promise<void>;
  /** Why reconciling with a neighbour ended early; for the log. */
  readonly onFailure?: (server: NodeKey, error: unknown) => void;
}

export interface CatchUpRequest {
  readonly server: NodeKey;
  /** What is asked of it and no cursor is held for. */
  readonly targets: readonly Target[];
  readonly claims: Claims;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** A reconciliation under way. */
export interface CatchingUp {
  readonly epoch: Uint8Array;
  /** Where the cursor of these targets stands once `done` resolves; until then it is not to be kept. */
  readonly cursor: number;
  /** By `targetKey`. */
  readonly targets: readonly string[];
  /** Resolves when everything that could be had is stored. @throws ProtocolError, MeshError, the signal's reason */
  readonly done: Promise<void>;
}

/** Catching up with neighbours of which no cursor is held. */
export class CatchUp {
  readonly #options: CatchUpOptions;
  readonly #ids: ShortIds;
  /** Attempts in a row that got no further, by hex of the neighbour. */
  readonly #fruitless = new BoundedMap<string, number>(256);

  constructor(options: CatchUpOptions) {
    this.#options = options;
    this.#ids = new ShortIds(options.salt);
  }

  /** Forgets how far it has come with one server, whose cursors are kept now, or with all of them. */
  async forget(server?: NodeKey): Promise<void> {
    const { progress } = this.#options;
    await (server === undefined ? progress.clear() : progress.remove(server));
  }

  /** The name by which claims know an envelope. */
  nameOf(hash: Hash): string {
    return this.#ids.name(hash);
  }

  /**
   * Opens a reconciliation where it is worth it; `null` where cursors do better: little is held here, nothing of it can
   * be reconciled, or the neighbour does not answer.
   * @throws ProtocolError for a breach of the protocol; MeshError where the stream broke, which is worth another try until
   * `MAX_FRUITLESS`; the signal's reason
   */
  async begin(request: CatchUpRequest): Promise<CatchingUp | null> {
    const { server } = request;
    const asked = request.targets.filter(isSyncTarget);
    if (asked.length === 0 || (this.#fruitless.get(toHex(server)) ?? 0) >= MAX_FRUITLESS) return null;
    const known = await this.#options.progress.load(server);
    const continued = asked.filter((target) => known?.targets.includes(targetKey(target)) === true);
    if (known !== undefined && continued.length > 0) {
      const session = await this.#open(request, continued, known.end);
      if (session === null) return null;
      if (equalBytes(session.epoch, known.epoch)) return this.#run(request, continued, session, known.lastSeq);
      // Another store than the one of which this was noted.
      await session.abandon();
    }
    if (!new Stock(this.#options.envelopes, asked).holds(LEAST_HELD)) return null;
    const session = await this.#open(request, asked, null);
    return session === null ? null : this.#run(request, asked, session, session.lastSeq);
  }

  /** A stream with its first answer; `null` when there is none to be had. */
  async #open(
    { claims, server, signal }: CatchUpRequest,
    targets: readonly SyncTarget[],
    before: Place | null,
  ): Promise<SyncSession | null> {
    const { clock, envelopes, known, mesh, onFailure, receive, salt, served, started } = this.#options;
    const matcher = new Matcher(targets);
    const delivery: Delivery = {
      from: server,
      targets: () => targets,
      asked: (envelope) => matcher.matches(envelope),
    };
    const take = (items: readonly Delivered[]): Promise<void> => receive(items, delivery);
    try {
      const { SyncSession } = await import("./session.ts");
      const stream = await mesh.openStream(server, SYNC_PROTOCOL, { signal });
      const ownSide = { envelopes, claims, known, receive: take, served: () => served(server) };
      const notes = started === undefined ? {} : { started };
      const options = { stream, clock, salt, targets, before, ...ownSide, ...notes };
      return await SyncSession.open(options, signal);
    } catch (error) {
      signal.throwIfAborted();
      this.#failed(server);
      if (misdeedOf(error) !== null) throw error;
      const code = error instanceof MeshError ? error.code : null;
      // Of two links that were dialled at once one is closed, and its streams with it: the other link carries the next try.
      if (code === "STREAM_RESET" || code === "UNREACHABLE") throw error;
      if (code !== "PROTOCOL_UNSUPPORTED") onFailure?.(server, error);
      return null;
    }
  }

  #run(
    { server, signal }: CatchUpRequest,
    asked: readonly SyncTarget[],
    session: SyncSession,
    cursor: number,
  ): CatchingUp {
    const targets = asked.map(targetKey);
    const { epoch } = session;
    const note = new ProgressNote(this.#options, { server, epoch, lastSeq: cursor, targets });
    const run = async (): Promise<void> => {
      try {
        await session.run(signal, (end) => {
          this.#fruitless.delete(toHex(server));
          note.reached(end);
        });
      } catch (error) {
        if (!signal.aborted) this.#failed(server);
        throw error;
      } finally {
        await note.stop();
      }
    };
    return { epoch, cursor, targets, done: run() };
  }

  #failed(server: NodeKey): void {
    const key = toHex(server);
    this.#fruitless.set(key, (this.#fruitless.get(key) ?? 0) + 1);
  }
}

/** Writes down how far one reconciliation has come, not more often than every PROGRESS_DELAY. */
class ProgressNote {
  readonly #options: Pick<CatchUpOptions, "clock" | "progress" | "onFailure">;
  readonly #about: Omit<Progress, "end">;
  #end: Place | null = null;
  #cancel: (() => void) | null = null;

  constructor(options: Pick<CatchUpOptions, "clock" | "progress" | "onFailure">, about: Omit<Progress, "end">) {
    this.#options = options;
    this.#about = about;
  }

  reached(end: Place): void {
    this.#end = end;
    this.#cancel ??= this.#options.clock.after(PROGRESS_DELAY, () => void this.#write());
  }

  /** What was reached last is written, too. */
  async stop(): Promise<void> {
    if (this.#cancel !== null) await this.#write();
  }

  async #write(): Promise<void> {
    this.#cancel?.();
    this.#cancel = null;
    if (this.#end === null) return;
    try {
      await this.#options.progress.save({ ...this.#about, end: this.#end });
    } catch (error) {
      // Reconciling goes on: what is lost is the way back to this place.
      this.#options.onFailure?.(this.#about.server, error);
    }
  }
}
