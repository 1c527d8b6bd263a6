import { decodeEnvelope, decodePromoted, isPromoted, toHex, WireError, type Hash } from "../../../wire/index.ts";
import type { BoundedMap } from "../../../social/index.ts";
import { MeshError } from "../../errors.ts";
import type { FrameStream } from "../../port.ts";
import { pause, reasonOf } from "../clock.ts";
import { delivered, type Delivered } from "../delivered.ts";
import { ProtocolError } from "../errors.ts";
import { TokenBucket } from "../token-bucket.ts";
import { AskedSets } from "./asked.ts";
import type { Claims } from "./claims.ts";
import type { Delivery, Heard, PubClientOptions } from "./client.ts";
import { CREDIT_STEP, CURSOR_PERIOD, FRAME_RATE, HAVE_WINDOW, PUSH_CREDIT, TOLD_RATE } from "./constants.ts";
import type { CursorBook } from "./cursors.ts";
import { Fetcher, type Batch } from "./fetcher.ts";
import { decodeServerMessage, encodeClientMessage, type ClientMessage, type ServerMessage } from "./messages.ts";
import { OnDemand } from "./on-demand.ts";
import type { Starts } from "./starts.ts";
import { cursorKey, targetKey, type Mode, type Subscription } from "./subscription.ts";
import type { ToldMessage, VersionMessage } from "./told-messages.ts";

export interface PubSessionOptions extends PubClientOptions {
  readonly stream: FrameStream;
  readonly book: CursorBook;
  readonly claims: Claims;
  /** By hex: what came although it is not wanted any more, so that no other neighbour is asked for it. */
  readonly dropped: BoundedMap<string, true>;
}

/** The client's side of one stream: says what is wanted, fetches what is announced, takes what is pushed. */
export class PubSession {
  readonly #options: PubSessionOptions;
  readonly #ended = new AbortController();
  readonly #frames: TokenBucket;
  readonly #fetcher: Fetcher;
  readonly #delivery: Delivery;
  readonly #asked = new AskedSets();
  readonly #onDemand: OnDemand;
  readonly #told: TokenBucket;
  #welcomed = 0;
  /** Asked for while the server has not answered the last change: only the latest of several counts. */
  #next: readonly Subscription[] | null = null;
  #caughtUp = false;
  /** Pushes and announcements done, in the order in which they came: cursors move in that order. */
  #order: Promise<void> = Promise.resolve();
  #pushed = 0;
  #granted = PUSH_CREDIT;
  #writes: Promise<void> = Promise.resolve();
  #cancelSave: (() => void) | null = null;
  /** What was asked for last, and the keys of its cursors by mode. */
  #latest: { readonly subscriptions: readonly Subscription[]; readonly keys: Map<Mode, readonly string[]> } | null =
    null;

  constructor(options: PubSessionOptions) {
    this.#options = options;
    this.#frames = new TokenBucket(FRAME_RATE, options.clock.now());
    this.#delivery = {
      from: options.stream.peer,
      targets: () => this.#asked.targets(),
      asked: (envelope) => this.#asked.covers(envelope),
    };
    this.#told = new TokenBucket(TOLD_RATE, options.clock.now());
    this.#onDemand = new OnDemand({
      clock: options.clock,
      send: (message) => this.#send(message),
      receive: (items) => this.#receive(items),
      signal: this.#ended.signal,
    });
    this.#fetcher = new Fetcher({
      claims: options.claims,
      clock: options.clock,
      known: (hash) => this.#isSettled(hash),
      want: (hashes, more) => this.#send({ kind: "want", more, hashes }),
      receive: (items) => this.#receive(items),
      onDone: (batch) => this.#finish(batch),
      signal: this.#ended.signal,
    });
  }

  get isCaughtUp(): boolean {
    return this.#caughtUp;
  }

  /**
   * What is wanted from now on. Sends a set only where that asks for more, or otherwise; any number of calls: one change is
   * under way at a time.
   */
  subscribe(subscriptions: readonly Subscription[]): void {
    // Asked with every neighbour that comes or goes.
    if (this.#latest !== null && sameItems(this.#latest.subscriptions, subscriptions)) return;
    this.#latest = { subscriptions, keys: new Map() };
    this.#change(subscriptions);
  }

  #change(subscriptions: readonly Subscription[]): void {
    if (this.#asked.isMissed(subscriptions)) {
      this.#end(new ProtocolError("STOPPED", "What was dropped is read again."));
      return;
    }
    if (this.#asked.generation > this.#welcomed) {
      this.#next = subscriptions;
      return;
    }
    this.#next = null;
    const set = this.#asked.next(subscriptions);
    if (set === null) return;
    const { book } = this.#options;
    this.#caughtUp = false;
    const requested = set.map(({ target, mode }) => {
      // What was not for this peer before it was trusted has no cursor to come after.
      return { target, mode, since: target.kind === "trusted" ? 0 : book.since(cursorKey({ target, mode })) };
    });
    this.#send({
      kind: "subscribe",
      generation: this.#asked.generation,
      epoch: book.epoch,
      subscriptions: requested,
    });
  }

  /** Resolves when what this server has of these is stored. @throws as `OnDemand.fetch` */
  async fetch(hashes: readonly Hash[], signal: AbortSignal): Promise<void> {
    try {
      await this.#onDemand.fetch(hashes, signal);
    } catch (error) {
      if (error instanceof ProtocolError && error.code === "VIOLATION") this.#end(error);
      throw error;
    }
  }

  /** Ends this stream, so that the next one begins where nothing has been read. */
  restart(): void {
    this.#options.book.forget();
    this.#end(new ProtocolError("STOPPED", "Everything is read anew."));
  }

  /** Until the server ends the stream, `signal` fires, or one of the two breaks the rules. @throws in the last two cases */
  async run(signal: AbortSignal): Promise<void> {
    const end = (): void => this.#end(signal.reason);
    if (signal.aborted) end();
    signal.addEventListener("abort", end, { once: true });
    const fetching = this.#fetcher.run().catch((error: unknown) => this.#end(error));
    try {
      await this.#read();
      this.#end(new MeshError("STREAM_RESET", "The server ended the stream."));
    } catch (error) {
      this.#end(error);
      throw reasonOf(this.#ended.signal);
    } finally {
      signal.removeEventListener("abort", end);
      this.#options.stream.abort(reasonOf(this.#ended.signal));
      await fetching;
      this.#options.claims.releaseAll(this.#fetcher);
      await this.#save();
    }
  }

  async #read(): Promise<void> {
    const { clock, stream } = this.#options;
    const { signal } = this.#ended;
    for (;;) {
      const frame = await stream.read({ signal });
      if (frame === null) return;
      this.#frames.spend(1, clock.now());
      // Whatever a server sends, it costs this peer no more than so many frames a second: the rest waits over there.
      const debt = this.#frames.debt(clock.now());
      if (debt > 0) await pause(clock, debt, signal);
      await this.#handle(decodeServerMessage(frame));
    }
  }

  async #handle(message: ServerMessage): Promise<void> {
    switch (message.kind) {
      case "welcome":
        if (message.generation > this.#asked.generation) throw violation("a welcome to what was not asked");
        this.#welcomed = message.generation;
        this.#options.book.enter(message.epoch);
        if (this.#next !== null) this.#change(this.#next);
        return;
      case "have":
        this.#expectWelcome(message.generation);
        if (this.#fetcher.unanswered >= HAVE_WINDOW) throw violation("more announcements than the window allows");
        this.#options.onAnnounced?.(this.#options.stream.peer, message.hashes);
        this.#fetcher.add({ ...message, hashes: message.hashes.map((hash) => hash.slice()) });
        return;
      case "envelopes":
        await this.#fetcher.deliver(message.envelopes.map(delivered), message.last);
        return;
      case "push":
        this.#expectWelcome(message.generation);
        this.#take(message);
        return;
      case "caughtUp":
        this.#expectWelcome(message.generation);
        // One for each change of the subscriptions, and those are few.
        if (this.#fetcher.queued >= 4 * HAVE_WINDOW) throw violation("caught up again and again");
        this.#fetcher.add({ ...message, hashes: [] });
        return;
      case "told":
        this.#expectWelcome(message.generation);
        this.#told.spend(1, this.#options.clock.now());
        if (this.#told.debt(this.#options.clock.now()) > 0) throw violation("more digests than there are minutes");
        await this.#hear(message);
        return;
      case "fetched":
        await this.#onDemand.deliver(message.id, message.envelopes.map(delivered), message.last);
        return;
      case "version":
        this.#expectWelcome(message.generation);
        await this.#takeVersion(message);
        return;
      case "refused":
        throw new ProtocolError("UNSUPPORTED", `The server refused the subscriptions: ${message.code}.`);
    }
  }

  async #hear({ cursor, generation, items, mode }: ToldMessage): Promise<void> {
    const heard = items.flatMap(({ at, hash, headline }): Heard[] => {
      const targets = at.map((place) => {
        const subscription = this.#asked.at(generation, place);
        if (subscription === undefined && generation === this.#asked.generation)
          throw violation("no such subscription");
        if (subscription !== undefined && subscription.mode !== mode) throw violation("told in another mode");
        return subscription?.target;
      });
      const wanted = targets.filter((target) => target !== undefined).filter((target) => this.#asked.wants(target));
      const isNews = wanted.length > 0 && !this.#isSettled(hash);
      return isNews ? [{ hash: hash.slice(), headline, mode, targets: wanted }] : [];
    });
    // The cursor moves when it is written down what this server has told.
    if (heard.length > 0) await this.#options.told(heard, this.#options.stream.peer);
    if (generation === this.#asked.generation) this.#advanceTo(cursor, mode);
  }

  async #takeVersion({ at, bytes, generation, sequence }: VersionMessage): Promise<void> {
    const target = this.#asked.at(generation, at)?.target;
    if (target === undefined) return;
    if (target.kind !== "key") throw violation("a version of what has none");
    const { book, stream, version } = this.#options;
    if (this.#asked.wants(target)) await version({ target, bytes: bytes.slice(), from: stream.peer });
    if (book.advance([targetKey(target)], sequence)) this.#saveSoon();
  }

  /** Whether it is held here, or came and is not wanted any more. */
  #isSettled(hash: Hash): boolean {
    return this.#options.known(hash) || this.#options.dropped.get(toHex(hash)) !== undefined;
  }

  /** What comes for somebody who is not followed any more is forgotten. */
  async #receive(items: readonly Delivered[]): Promise<void> {
    const wanted = items.filter((item) => !this.#isUnwanted(item));
    if (wanted.length > 0) await this.#options.receive(wanted, this.#delivery);
  }

  #isUnwanted({ bytes, hash }: Delivered): boolean {
    try {
      const envelope = isPromoted(bytes) ? decodePromoted(bytes).envelope : decodeEnvelope(bytes);
      if (!this.#asked.isUnwanted(envelope)) return false;
      this.#options.dropped.set(toHex(hash), true);
      return true;
    } catch (error) {
      // Whoever judges it says what is wrong with it.
      if (error instanceof WireError) return false;
      throw error;
    }
  }

  /** Several at once, as many as were granted: each waits for a signature check and the disk. */
  #take(message: Extract<ServerMessage, { kind: "push" }>): void {
    if (this.#granted === 0) throw violation("more pushes than were granted");
    this.#granted--;
    const item = delivered(message.bytes);
    // With announcements still open the cursor waits for them.
    const advances = this.#fetcher.pending === 0;
    const received = this.#isSettled(item.hash) ? Promise.resolve() : this.#receive([item]);
    this.#then(received, () => {
      if (advances) this.#advance(message.generation, message.cursor);
      this.#grant();
    });
  }

  #grant(): void {
    this.#pushed++;
    if (this.#pushed < CREDIT_STEP) return;
    this.#granted += this.#pushed;
    this.#send({ kind: "credit", count: this.#pushed });
    this.#pushed = 0;
  }

  /** Runs `task` when `work` and everything before it is done. A failure ends the session: the cursor stays before it. */
  #then(work: Promise<void>, task: () => void): void {
    const before = this.#order;
    const both = Promise.all([before, work]).then(task);
    this.#order = both.catch((error: unknown) => {
      this.#end(error);
      throw error;
    });
    this.#order.catch(() => undefined);
  }

  #finish(batch: Batch): Promise<void> | undefined {
    const noting =
      batch.starts === undefined ? undefined : this.#noteStarts(batch.generation, batch.hashes, batch.starts);
    this.#then(noting ?? Promise.resolve(), () => {
      this.#advance(batch.generation, batch.cursor);
      if (batch.kind !== "caughtUp" || batch.generation !== this.#asked.generation) return;
      this.#caughtUp = true;
      this.#asked.settle(batch.generation);
    });
    return noting;
  }

  async #noteStarts(generation: number, hashes: readonly Hash[], starts: readonly Starts[]): Promise<void> {
    const { started, stream } = this.#options;
    for (const { at, ranks } of starts) {
      const target = this.#asked.at(generation, at)?.target;
      if (target === undefined && generation !== this.#asked.generation) continue;
      if (target?.kind !== "scope" || target.scope.kind !== "geo")
        throw violation("a start that is no place asked for");
      await started?.({ place: target.scope, hashes: ranks.map((rank) => hashes[rank] as Hash) }, stream.peer);
    }
  }

  /** A cursor speaks of the set that was in force when the server sent it. */
  #advance(generation: number, cursor: number): void {
    // After the end the cursors were saved, and the next session may have got further.
    if (generation === this.#asked.generation) this.#advanceTo(cursor, "push");
  }

  /** A cursor speaks of the subscriptions in one mode; those of versions have their own, that of trusted people none. */
  #advanceTo(cursor: number, mode: Mode): void {
    if (this.#ended.signal.aborted) return;
    if (this.#options.book.advance(this.#cursorsOf(mode), cursor)) this.#saveSoon();
  }

  #cursorsOf(mode: Mode): readonly string[] {
    const keys = this.#latest?.subscriptions === this.#asked.wanted ? this.#latest.keys : null;
    const known = keys?.get(mode);
    if (known !== undefined) return known;
    const covered = this.#asked.wanted.filter(
      ({ target, mode: asked }) => asked === mode && (target.kind === "node" || target.kind === "scope"),
    );
    const made = covered.map(cursorKey);
    keys?.set(mode, made);
    return made;
  }

  #saveSoon(): void {
    const { clock } = this.#options;
    this.#cancelSave ??= clock.after(CURSOR_PERIOD - (clock.now() % CURSOR_PERIOD), () => {
      this.#cancelSave = null;
      void this.#save();
    });
  }

  async #save(): Promise<void> {
    this.#cancelSave?.();
    this.#cancelSave = null;
    const { book, cursors, onFailure, stream } = this.#options;
    const snapshot = book.snapshot(this.#asked.wanted.map(cursorKey));
    if (snapshot === undefined) return;
    try {
      await cursors.save(stream.peer, snapshot);
    } catch (error) {
      // Reading goes on: what is lost is the way back to this place after a restart.
      onFailure?.(stream.peer, error);
    }
  }

  #expectWelcome(generation: number): void {
    if (this.#welcomed === 0 || generation > this.#asked.generation)
      throw violation("an announcement before the welcome");
  }

  /** Frames leave in order; a transport that takes none ends the session. */
  #send(message: ClientMessage): void {
    const { stream } = this.#options;
    const { signal } = this.#ended;
    this.#writes = this.#writes
      .then(() => stream.write(encodeClientMessage(message), { signal }))
      .catch((error: unknown) => this.#end(error));
  }

  #end(reason: unknown): void {
    this.#ended.abort(reason);
  }
}

function sameItems<Item>(a: readonly Item[], b: readonly Item[]): boolean {
  if (a === b) return true;
  return a.length === b.length && a.every((item, at) => item === b[at]);
}

function violation(what: string): ProtocolError {
  return new ProtocolError("VIOLATION", `Against the protocol: ${what}.`);
}
