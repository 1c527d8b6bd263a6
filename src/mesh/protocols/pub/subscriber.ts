import { BoundedMap } from "../../../social/index.ts";
import { equalBytes, toHex, type Hash } from "../../../wire/index.ts";
import type { FrameStream, Mesh } from "../../port.ts";
import { abortable, pause, reasonOf, withDeadline, type Clock } from "../clock.ts";
import { ProtocolError } from "../errors.ts";
import type { Library, LibraryRow } from "../library.ts";
import type { TokenBucket } from "../token-bucket.ts";
import { Backlog } from "./backlog.ts";
import {
  HAVE_WINDOW,
  LAZY_DELAY,
  MAX_ENVELOPE_BYTES,
  MAX_FRAME,
  MAX_HASHES,
  PUSH_CREDIT,
  REMEMBERED_HASHES,
} from "./constants.ts";
import type { Arrival, FreshArrivals } from "./fresh.ts";
import { decodeClientMessage, encodeServerMessage, type ClientMessage, type ServerMessage } from "./messages.ts";
import { Matcher } from "./subscription.ts";

export interface SubscriberOptions {
  readonly stream: FrameStream;
  readonly library: Library;
  readonly fresh: FreshArrivals;
  readonly mesh: Pick<Mesh, "channelPeers">;
  readonly clock: Clock;
  readonly subscribes: TokenBucket;
  readonly bytes: TokenBucket;
  readonly stalled: number;
}

/** Hashes announced and not yet asked for or turned down, by hex. */
type Announcement = Map<string, Hash>;

interface Deferred {
  readonly row: LibraryRow;
  readonly due: number;
}

/**
 * The server's side of one subscriber. Nothing is queued for it: a subscriber that is behind is a position in the
 * store's order of arrival, and what waits at most is one frame in each direction and HAVE_WINDOW announcements.
 */
export class Subscriber {
  readonly #options: SubscriberOptions;
  readonly #ended = new AbortController();
  #generation = 0;
  #matcher = new Matcher([]);
  #backlog: Backlog | null = null;
  #welcomed = true;
  #caughtUp = false;
  #beginning = false;
  readonly #announced: Announcement[] = [];
  /** Matching arrivals that gossip should have brought to the subscriber; announced if it takes too long. */
  #deferred: Deferred[] = [];
  #credit = PUSH_CREDIT;
  /** What the subscriber holds as far as was seen on this stream, by hex. */
  readonly #known = new BoundedMap<string, true>(REMEMBERED_HASHES);
  #writes: Promise<void> = Promise.resolve();
  #awake = false;
  #wake: () => void = () => undefined;

  constructor(options: SubscriberOptions) {
    this.#options = options;
  }

  /** Serves until the subscriber ends its side. @throws whatever ended it otherwise */
  async run(): Promise<void> {
    const { stream } = this.#options;
    const pump = this.#pump().catch((error: unknown) => this.end(error));
    try {
      await this.#read();
      this.end(new ProtocolError("STOPPED", "The subscriber left."));
      await stream.close();
    } catch (error) {
      // What broke the pump is the cause; the reader only saw its signal.
      const cause = this.#ended.signal.aborted ? reasonOf(this.#ended.signal) : error;
      this.end(cause);
      throw cause;
    } finally {
      await pump;
    }
  }

  end(reason: unknown): void {
    this.#ended.abort(reason);
    this.#rouse();
  }

  /** Something new is in the store. */
  notice(arrival: Arrival): void {
    if (arrival.from !== null && equalBytes(arrival.from, this.#options.stream.peer)) {
      this.#known.set(toHex(arrival.hash), true);
      return;
    }
    if (this.#matcher.matches(arrival.envelope)) this.#rouse();
  }

  async #read(): Promise<void> {
    const { stream } = this.#options;
    const { signal } = this.#ended;
    for (;;) {
      const frame = await stream.read({ signal });
      if (frame === null) return;
      await this.#handle(decodeClientMessage(frame));
    }
  }

  async #handle(message: ClientMessage): Promise<void> {
    switch (message.kind) {
      case "subscribe":
        await this.#subscribe(message);
        return;
      case "want":
        await this.#deliver(message);
        return;
      case "credit":
        // More than it could hold is no gift: the window bounds what may be unread.
        this.#credit = Math.min(PUSH_CREDIT, this.#credit + message.count);
        this.#rouse();
    }
  }

  async #subscribe(message: Extract<ClientMessage, { kind: "subscribe" }>): Promise<void> {
    const { subscribes, clock, library } = this.#options;
    subscribes.spend(1, clock.now());
    const debt = subscribes.debt(clock.now());
    if (debt > 0) await pause(clock, debt, this.#ended.signal);
    const { generation, subscriptions } = message;
    if (subscriptions.some((subscription) => subscription.mode !== "push")) {
      await this.#send({ kind: "refused", generation, code: "UNSUPPORTED_MODE" });
      return;
    }
    const sameStore = message.epoch !== null && equalBytes(message.epoch, library.epoch);
    const interests = subscriptions.map(({ target, since }) => ({ target, since: sameStore ? since : 0 }));
    this.#generation = generation;
    this.#matcher = new Matcher(interests.map((interest) => interest.target));
    this.#backlog = new Backlog(library.envelopes, interests);
    this.#deferred = [];
    this.#welcomed = false;
    this.#caughtUp = false;
    this.#beginning = true;
    this.#rouse();
  }

  async #deliver(message: Extract<ClientMessage, { kind: "want" }>): Promise<void> {
    const [announced] = this.#announced;
    if (announced === undefined) throw new ProtocolError("VIOLATION", "A want before any have.");
    for (const hash of message.hashes) {
      const key = toHex(hash);
      if (!announced.delete(key)) throw new ProtocolError("VIOLATION", "A want for what was not announced.");
      this.#known.set(key, true);
    }
    if (message.hashes.length > 0) await this.#sendEnvelopes(message.hashes);
    if (message.more) return;
    for (const key of announced.keys()) this.#known.set(key, true);
    this.#announced.shift();
    this.#rouse();
  }

  async #sendEnvelopes(hashes: readonly Hash[]): Promise<void> {
    const found = await this.#options.library.envelopes.bytes(hashes);
    let frame: Uint8Array[] = [];
    let size = 0;
    for (const bytes of found) {
      if (bytes === undefined) continue;
      if (size + bytes.length > MAX_ENVELOPE_BYTES) {
        await this.#send({ kind: "envelopes", last: false, envelopes: frame });
        frame = [];
        size = 0;
      }
      frame.push(bytes);
      // Its own head: up to 3 bytes.
      size += bytes.length + 3;
    }
    await this.#send({ kind: "envelopes", last: true, envelopes: frame });
  }

  async #pump(): Promise<void> {
    while (!this.#ended.signal.aborted) {
      this.#awake = false;
      if (!(await this.#advance())) await this.#sleep();
    }
  }

  /** One step; resolves with whether another may follow at once. */
  async #advance(): Promise<boolean> {
    const backlog = this.#backlog;
    if (backlog === null) return false;
    if (!this.#welcomed) {
      this.#welcomed = true;
      await this.#send({ kind: "welcome", generation: this.#generation, epoch: this.#options.library.epoch });
      return true;
    }
    if (this.#announced.length >= HAVE_WINDOW) return false;
    if (this.#isDue()) {
      await this.#announce(
        this.#deferred.splice(0).map((entry) => entry.row),
        backlog.position,
      );
      return true;
    }
    return this.#caughtUp ? this.#follow(backlog) : this.#catchUp(backlog);
  }

  async #catchUp(backlog: Backlog): Promise<boolean> {
    if (this.#beginning) {
      this.#beginning = false;
      if (backlog.distance > MAX_HASHES) {
        // A long way to go: the newest come first, beside the order of arrival, so the cursor stays where it is.
        await this.#announce(backlog.newest(MAX_HASHES), backlog.position);
        return true;
      }
    }
    const step = backlog.next(MAX_HASHES);
    await this.#announce(step.rows, backlog.position);
    if (!step.tip || this.#backlog !== backlog) return true;
    this.#caughtUp = true;
    await this.#send({ kind: "caughtUp", generation: this.#generation, cursor: backlog.position });
    return true;
  }

  /** What arrived since: pushed at once, or left to gossip for a while, or announced when that is too much. */
  async #follow(backlog: Backlog): Promise<boolean> {
    const { rows, tip } = backlog.next(MAX_HASHES - this.#deferred.length);
    const pushes: { arrival: Arrival; seq: number }[] = [];
    const deferred: Deferred[] = [];
    let behind = !tip;
    for (const row of rows) {
      if (this.#known.get(toHex(row.hash)) !== undefined) continue;
      const arrival = this.#options.fresh.get(row.hash);
      if (arrival === undefined) behind = true;
      else if (this.#hearsGossip(arrival)) deferred.push({ row, due: this.#options.clock.now() + LAZY_DELAY });
      else pushes.push({ arrival, seq: row.seq });
    }
    if (behind || pushes.length > this.#credit) {
      const waiting = this.#deferred.splice(0).map((entry) => entry.row);
      await this.#announce([...waiting, ...rows], backlog.position);
      return true;
    }
    this.#deferred.push(...deferred);
    for (const { arrival, seq } of pushes) {
      if (this.#backlog !== backlog) return true;
      await this.#push(arrival, seq);
    }
    return false;
  }

  #isDue(): boolean {
    const [first] = this.#deferred;
    if (first === undefined) return false;
    // Half full, it goes out early, so that what arrives next still fits one frame with it.
    return first.due <= this.#options.clock.now() || this.#deferred.length > MAX_HASHES / 2;
  }

  #hearsGossip(arrival: Arrival): boolean {
    const { mesh, stream } = this.#options;
    if (arrival.channel === null) return false;
    return mesh.channelPeers(arrival.channel).some((peer) => equalBytes(peer, stream.peer));
  }

  async #push(arrival: Arrival, seq: number): Promise<void> {
    this.#credit--;
    this.#known.set(toHex(arrival.hash), true);
    // Nothing that is still deferred may lie below the cursor.
    const cursor = Math.min(seq, (this.#deferred[0]?.row.seq ?? Number.POSITIVE_INFINITY) - 1);
    await this.#send({ kind: "push", generation: this.#generation, cursor, bytes: arrival.bytes });
  }

  async #announce(rows: readonly LibraryRow[], cursor: number): Promise<void> {
    const hashes = rows.map((row) => row.hash).filter((hash) => this.#known.get(toHex(hash)) === undefined);
    if (hashes.length === 0) return;
    this.#announced.push(new Map(hashes.map((hash) => [toHex(hash), hash])));
    await this.#send({ kind: "have", generation: this.#generation, cursor, hashes });
  }

  /** Frames leave one after the other; each waits for room in the transport and for the subscriber's budget. */
  async #send(message: ServerMessage): Promise<void> {
    const frame = encodeServerMessage(message);
    const write = this.#writes.then(() => this.#write(frame));
    // The next frame waits for this one, not for its success: a failure ends the stream for both.
    this.#writes = write.catch((error: unknown) => this.end(error));
    await write;
  }

  async #write(frame: Uint8Array): Promise<void> {
    const { clock, bytes, stream, stalled } = this.#options;
    this.#ended.signal.throwIfAborted();
    const debt = bytes.debt(clock.now());
    if (debt > 0) await pause(clock, debt, this.#ended.signal);
    bytes.spend(Math.min(frame.length, MAX_FRAME), clock.now());
    await withDeadline(clock, stalled, this.#ended.signal, (signal) => stream.write(frame, { signal }));
  }

  #rouse(): void {
    this.#awake = true;
    this.#wake();
  }

  async #sleep(): Promise<void> {
    if (this.#awake || this.#ended.signal.aborted) return;
    const woken = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    const [next] = this.#deferred;
    const { clock } = this.#options;
    const cancel = next === undefined ? null : clock.after(Math.max(0, next.due - clock.now()), this.#wake);
    try {
      await abortable(woken, this.#ended.signal);
    } finally {
      cancel?.();
    }
  }
}
