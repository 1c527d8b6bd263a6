import { hashOf, type Hash } from "../../../wire/index.ts";
import { MeshError } from "../../errors.ts";
import type { FrameStream } from "../../port.ts";
import { pause, reasonOf } from "../clock.ts";
import { ProtocolError } from "../errors.ts";
import { TokenBucket } from "../token-bucket.ts";
import type { Claims } from "./claims.ts";
import type { Delivered, Delivery, PubClientOptions } from "./client.ts";
import { CREDIT_STEP, CURSOR_DELAY, FRAME_RATE, HAVE_WINDOW, PUSH_CREDIT } from "./constants.ts";
import type { CursorBook } from "./cursors.ts";
import { Fetcher, type Batch } from "./fetcher.ts";
import { decodeServerMessage, encodeClientMessage, type ClientMessage, type ServerMessage } from "./messages.ts";
import { Matcher, targetKey, type Subscription, type Target } from "./subscription.ts";

export interface PubSessionOptions extends PubClientOptions {
  readonly stream: FrameStream;
  readonly book: CursorBook;
  readonly claims: Claims;
}

/** The client's side of one stream: says what is wanted, fetches what is announced, takes what is pushed. */
export class PubSession {
  readonly #options: PubSessionOptions;
  readonly #ended = new AbortController();
  readonly #frames: TokenBucket;
  readonly #fetcher: Fetcher;
  readonly #delivery: Delivery;
  #generation = 0;
  /** Of the present set, by `targetKey`. */
  #targets: readonly string[] = [];
  /** By generation. Those before the present one stay until everything that was announced under them has come. */
  readonly #matchers = new Map<number, Matcher>();
  readonly #asked = new Map<number, readonly Target[]>();
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

  constructor(options: PubSessionOptions) {
    this.#options = options;
    this.#frames = new TokenBucket(FRAME_RATE, options.clock.now());
    this.#delivery = {
      from: options.stream.peer,
      targets: () => [...this.#asked.values()].flat(),
      asked: (envelope) => [...this.#matchers.values()].some((matcher) => matcher.matches(envelope)),
    };
    this.#fetcher = new Fetcher({
      claims: options.claims,
      clock: options.clock,
      known: options.known,
      want: (hashes, more) => this.#send({ kind: "want", more, hashes }),
      receive: (items) => options.receive(items, this.#delivery),
      onDone: (batch) => this.#finish(batch),
      signal: this.#ended.signal,
    });
  }

  get isCaughtUp(): boolean {
    return this.#caughtUp;
  }

  /** Replaces the set on the running stream. Any number of calls: one change is under way at a time. */
  subscribe(subscriptions: readonly Subscription[]): void {
    if (this.#generation > this.#welcomed) {
      this.#next = subscriptions;
      return;
    }
    this.#next = null;
    const { book } = this.#options;
    this.#generation++;
    this.#caughtUp = false;
    const targets = subscriptions.map(({ target }) => target);
    this.#matchers.set(this.#generation, new Matcher(targets));
    this.#asked.set(this.#generation, targets);
    this.#targets = subscriptions.map(({ target }) => targetKey(target));
    const requested = subscriptions.map(({ target, mode }) => ({ target, mode, since: book.since(targetKey(target)) }));
    const { epoch } = book;
    this.#send({ kind: "subscribe", generation: this.#generation, epoch, subscriptions: requested });
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
        if (message.generation > this.#generation) throw violation("a welcome to what was not asked");
        this.#welcomed = message.generation;
        this.#options.book.enter(message.epoch);
        if (this.#next !== null) this.subscribe(this.#next);
        return;
      case "have":
        this.#expectWelcome(message.generation);
        if (this.#fetcher.unanswered >= HAVE_WINDOW) throw violation("more announcements than the window allows");
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
      case "refused":
        throw new ProtocolError("UNSUPPORTED", `The server refused the subscriptions: ${message.code}.`);
    }
  }

  /** Several at once, as many as were granted: each waits for a signature check and the disk. */
  #take(message: Extract<ServerMessage, { kind: "push" }>): void {
    if (this.#granted === 0) throw violation("more pushes than were granted");
    this.#granted--;
    const item = delivered(message.bytes);
    const { known, receive } = this.#options;
    // With announcements still open the cursor waits for them.
    const advances = this.#fetcher.pending === 0;
    const received = known(item.hash) ? Promise.resolve() : receive([item], this.#delivery);
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

  #finish(batch: Batch): void {
    this.#then(Promise.resolve(), () => {
      this.#advance(batch.generation, batch.cursor);
      if (batch.kind !== "caughtUp" || batch.generation !== this.#generation) return;
      this.#caughtUp = true;
      for (const generation of this.#matchers.keys()) {
        if (generation >= batch.generation) continue;
        this.#matchers.delete(generation);
        this.#asked.delete(generation);
      }
    });
  }

  /** A cursor speaks of the set that was in force when the server sent it. */
  #advance(generation: number, cursor: number): void {
    // After the end the cursors were saved, and the next session may have got further.
    if (generation !== this.#generation || this.#ended.signal.aborted) return;
    this.#options.book.advance(this.#targets, cursor);
    const { clock } = this.#options;
    this.#cancelSave ??= clock.after(CURSOR_DELAY, () => {
      this.#cancelSave = null;
      void this.#save();
    });
  }

  async #save(): Promise<void> {
    this.#cancelSave?.();
    this.#cancelSave = null;
    const { book, cursors, onFailure, stream } = this.#options;
    const snapshot = book.snapshot(this.#targets);
    if (snapshot === undefined) return;
    try {
      await cursors.save(stream.peer, snapshot);
    } catch (error) {
      // Reading goes on: what is lost is the way back to this place after a restart.
      onFailure?.(stream.peer, error);
    }
  }

  #expectWelcome(generation: number): void {
    if (this.#welcomed === 0 || generation > this.#generation) throw violation("an announcement before the welcome");
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

/** A copy: the frame that it came in would otherwise live as long as the envelope. */
function delivered(view: Uint8Array): Delivered {
  const bytes = view.slice();
  const hash: Hash = hashOf(bytes);
  return { hash, bytes };
}

function violation(what: string): ProtocolError {
  return new ProtocolError("VIOLATION", `Against the protocol: ${what}.`);
}
