import { BoundedMap } from "../../../social/index.ts";
import { toHex, type Hash, type NodeKey, type PostEnvelope } from "../../../wire/index.ts";
import { MeshError } from "../../errors.ts";
import type { Mesh } from "../../port.ts";
import { pause, type Clock } from "../clock.ts";
import type { Delivered } from "../delivered.ts";
import { misdeedOf, ProtocolError } from "../errors.ts";
import type { CatchingUp, CatchUp } from "../sync/index.ts";
import { Claims } from "./claims.ts";
import { FIRST_RETRY, LAST_RETRY, MAX_ASKED, PUB_PROTOCOL, REMEMBERED_HASHES } from "./constants.ts";
import { CursorBook, type CursorStore } from "./cursors.ts";
import { spread } from "./assignment.ts";
import { PubSession } from "./session.ts";
import type { Started } from "./starts.ts";
import { cursorKey, targetKey, type KeyTarget, type Subscription, type Target } from "./subscription.ts";

export interface Delivery {
  readonly from: NodeKey;
  /** What this server was asked for, as far as it may still be sending it: what it delivers has to be within it. */
  readonly targets: () => readonly Target[];
  /** Whether a subscription covers this envelope: a server that sends others is not doing what it was asked. */
  asked(envelope: Pick<PostEnvelope, "author" | "scopes">): boolean;
}

/** An envelope that a neighbour tells of and has not sent. */
export interface Heard {
  readonly hash: Hash;
  /** As the neighbour says; what the envelope says counts. */
  readonly headline: string | null;
  readonly mode: "digest" | "pullhint";
  /** The subscriptions that it came by. */
  readonly targets: readonly Target[];
}

/** A version of a mutable object, as it came: nothing is checked. */
export interface FoundVersion {
  readonly target: KeyTarget;
  readonly bytes: Uint8Array;
  readonly from: NodeKey;
}

export interface PubClientOptions {
  readonly mesh: Pick<Mesh, "self" | "peers" | "openStream" | "on" | "report">;
  readonly clock: Clock;
  /** In [0, 1); spreads retries. */
  readonly random: () => number;
  readonly cursors: CursorStore;
  /** Reconciles with neighbours of which no cursor is held; without it they are read from their beginning. */
  readonly catchUp?: CatchUp;
  /** Whether this envelope is held here, or as good as. */
  readonly known: (hash: Hash) => boolean;
  /**
   * Checks and stores. Resolves when what is valid is durable and `known`: the cursor moves on after that. A rejection
   * ends the stream, which is tried again later from the last cursor.
   */
  readonly receive: (items: readonly Delivered[], delivery: Delivery) => Promise<void>;
  /** Notes what a neighbour tells of. Resolves when it is durable: it is not told again. */
  readonly told: (heard: readonly Heard[], from: NodeKey) => Promise<void>;
  /** Judges a version of an object that was asked for. Resolves when it is durable. */
  readonly version: (found: FoundVersion) => Promise<void>;
  /**
   * A server says that these started at a place it was asked for; whether they are held, and declare topics alone, is not looked at
   * here. Resolves when it is noted.
   */
  readonly started?: (started: Started, server: NodeKey) => Promise<void>;
  /** A server has announced these: it holds them. */
  readonly onAnnounced?: (server: NodeKey, hashes: readonly Hash[]) => void;
  /** Whether this peer is asked for what is meant for trusted people. */
  readonly trusts: (peer: NodeKey) => boolean;
  /** Why a stream to a neighbour ended; for the log. */
  readonly onFailure?: (server: NodeKey, error: unknown) => void;
}

export interface PubClient {
  /** What to ask of every neighbour, now and of those to come. Replaces what was asked before. */
  subscribe(subscriptions: readonly Subscription[]): void;
  /** Neighbours that have delivered everything they hold. */
  caughtUp(): NodeKey[];
  /**
   * Fetches envelopes that neighbours told of: of `from` first, as far as they are linked, then of others. Resolves when
   * those that could be had are stored. @throws the signal's reason
   */
  fetch(hashes: readonly Hash[], from: readonly NodeKey[], signal: AbortSignal): Promise<void>;
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
  /** What is reconciled beside the stream, and how to end both. */
  catchingUp: { readonly targets: readonly string[]; readonly end: (reason: Error) => void } | null;
  done: Promise<void>;
}

class Client implements PubClient {
  readonly #options: PubClientOptions;
  readonly #claims: Claims;
  readonly #dropped = new BoundedMap<string, true>(REMEMBERED_HASHES);
  readonly #neighbours = new Map<string, Neighbour>();
  readonly #unsubscribe: (() => void)[];
  #subscriptions: readonly Subscription[] = [];
  #stopped = false;

  constructor(options: PubClientOptions) {
    this.#options = options;
    const { catchUp, mesh } = options;
    this.#claims = new Claims(catchUp === undefined ? toHex : (hash) => catchUp.nameOf(hash));
    this.#unsubscribe = [
      mesh.on("peerConnected", (peer) => this.#meet(peer)),
      mesh.on("peerDisconnected", (peer) => this.#part(peer)),
    ];
    for (const peer of mesh.peers()) this.#meet(peer);
  }

  subscribe(subscriptions: readonly Subscription[]): void {
    const before = new Set(this.#subscriptions.map(({ target }) => targetKey(target)));
    // Whoever is followed again is read again, with what was dropped meanwhile.
    if (subscriptions.some(({ target }) => !before.has(targetKey(target)))) this.#dropped.clear();
    this.#subscriptions = subscriptions;
    this.#assign();
  }

  async fetch(hashes: readonly Hash[], from: readonly NodeKey[], signal: AbortSignal): Promise<void> {
    const { known, onFailure } = this.#options;
    const preferred = new Set(from.map(toHex));
    const linked = [...this.#neighbours.entries()].sort(([a], [b]) => rank(preferred, a) - rank(preferred, b));
    for (const [, { key, session }] of linked.slice(0, MAX_ASKED)) {
      const left = hashes.filter((hash) => !known(hash));
      if (left.length === 0) return;
      try {
        await session?.fetch(left, signal);
      } catch (error) {
        signal.throwIfAborted();
        // The next one may have it.
        onFailure?.(key, error);
      }
    }
  }

  caughtUp(): NodeKey[] {
    return [...this.#neighbours.values()]
      .filter((neighbour) => neighbour.session?.isCaughtUp === true && neighbour.catchingUp === null)
      .map((neighbour) => neighbour.key);
  }

  async reread(): Promise<void> {
    const { catchUp, cursors } = this.#options;
    await Promise.all([cursors.clear(), catchUp?.forget()]);
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
    const left = new AbortController();
    const neighbour: Neighbour = { key: peer, left, session: null, catchingUp: null, done: Promise.resolve() };
    this.#neighbours.set(key, neighbour);
    this.#assign();
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
    // Others are asked for what it was asked for alone.
    this.#assign();
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
    const ended = new AbortController();
    const both = AbortSignal.any([signal, ended.signal]);
    const catchingUp = await this.#catchUp(neighbour, book, both);
    // Rests when there is nothing to reconcile; its failure ends the stream, too.
    const reconciled = catchingUp === null ? null : this.#reconciled(neighbour, catchingUp, book, ended);
    try {
      const stream = await mesh.openStream(neighbour.key, PUB_PROTOCOL, { signal: both });
      const session = new PubSession({ ...this.#options, stream, book, claims: this.#claims, dropped: this.#dropped });
      neighbour.session = session;
      session.subscribe(this.#spread()(neighbour.key));
      await session.run(both);
    } finally {
      neighbour.session = null;
      ended.abort(stopped());
      await reconciled;
    }
  }

  /** Begins to reconcile what no cursor is held for. @returns `null` when it is all read by cursors */
  async #catchUp({ key }: Neighbour, book: CursorBook, signal: AbortSignal): Promise<CatchingUp | null> {
    const { catchUp } = this.#options;
    const fresh = this.#spread()(key).filter((each) => each.mode === "push" && book.since(cursorKey(each)) === 0);
    if (catchUp === undefined || fresh.length === 0) return null;
    const targets = fresh.map(({ target }) => target);
    const begun = await catchUp.begin({ server: key, targets, claims: this.#claims, signal });
    if (begun !== null) book.lend(begun.epoch, begun.targets, begun.cursor);
    return begun;
  }

  async #reconciled(neighbour: Neighbour, begun: CatchingUp, book: CursorBook, ended: AbortController): Promise<void> {
    const { catchUp, cursors } = this.#options;
    neighbour.catchingUp = { targets: begun.targets, end: (reason) => ended.abort(reason) };
    try {
      await begun.done;
      book.keep();
      neighbour.catchingUp = null;
      const kept = book.snapshot(this.#spread()(neighbour.key).map(cursorKey));
      if (kept !== undefined) await cursors.save(neighbour.key, kept);
      await catchUp?.forget(neighbour.key);
    } catch (error) {
      ended.abort(error);
    } finally {
      neighbour.catchingUp = null;
    }
  }

  #assign(): void {
    const asked = this.#spread();
    for (const { catchingUp, key, session } of this.#neighbours.values()) {
      const subscriptions = asked(key);
      session?.subscribe(subscriptions);
      const wanted = new Set(subscriptions.map(cursorKey));
      // What is not wanted any more is not reconciled either; the rest goes on where it was.
      if (catchingUp?.targets.some((target) => !wanted.has(target)) === true) catchingUp.end(changed());
    }
  }

  #spread(): (neighbour: NodeKey) => readonly Subscription[] {
    const { mesh, trusts } = this.#options;
    const asked = spread(
      this.#subscriptions,
      [...this.#neighbours.values()].map(({ key }) => key),
      mesh.self,
    );
    if (!this.#subscriptions.some(({ target }) => target.kind === "trusted")) return asked;
    return (neighbour) =>
      trusts(neighbour) ? asked(neighbour) : asked(neighbour).filter(({ target }) => target.kind !== "trusted");
  }

  #blame(peer: NodeKey, error: unknown): void {
    const misdeed = misdeedOf(error);
    if (misdeed !== null) this.#options.mesh.report(peer, misdeed);
  }
}

function rank(preferred: ReadonlySet<string>, peer: string): number {
  return preferred.has(peer) ? 0 : 1;
}

function changed(): ProtocolError {
  return new ProtocolError("STOPPED", "What is asked for has changed.");
}

function stopped(): ProtocolError {
  return new ProtocolError("STOPPED", "This peer stopped asking.");
}
