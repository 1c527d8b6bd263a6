import { BoundedMap } from "../../../social/index.ts";
import { channelOf, compareBytes, equalBytes, toHex, type Hash, type NodeKey } from "../../../wire/index.ts";
import type { FrameStream } from "../../port.ts";
import type { Audience } from "../audience.ts";
import { pause, reasonOf, type Clock } from "../clock.ts";
import { ProtocolError } from "../errors.ts";
import type { Library } from "../library.ts";
import type { TokenBucket } from "../token-bucket.ts";
import { Admission, type Listed } from "./admission.ts";
import { Backlog } from "./backlog.ts";
import {
  CURSOR_TOLD,
  HAVE_WINDOW,
  LAZY_DELAY,
  MAX_BESIDE,
  MAX_HASHES,
  PASSED_ON,
  PUSH_CREDIT,
  REMEMBERED_HASHES,
  TAKEOVER,
} from "./constants.ts";
import { Deferred } from "./deferred.ts";
import type { FreshArrival, FreshArrivals, Opened } from "./fresh.ts";
import { framesOf } from "./frames-of.ts";
import { decodeClientMessage, type ClientMessage } from "./messages.ts";
import { Noticed } from "./noticed.ts";
import { Outlet } from "./outlet.ts";
import { Requested } from "./requested.ts";
import { Matcher, type Target } from "./subscription.ts";
import type { VersionKey } from "./versions.ts";

export interface SubscriberOptions {
  readonly stream: FrameStream;
  readonly library: Library;
  readonly audience: Audience;
  readonly fresh: FreshArrivals;
  /** The key of this peer. */
  readonly self: NodeKey;
  readonly clock: Clock;
  readonly subscribes: TokenBucket;
  readonly bytes: TokenBucket;
  readonly stalled: number;
  /** Another stream of this key was open until now: perhaps a second device with the same identity. */
  readonly takesOver: boolean;
  /** The subscriber was given this, or says that it has it already. */
  readonly onTaken: (hash: Hash) => void;
  /** The subscriber asks for this from now on. */
  readonly onAsked: (targets: readonly Target[]) => void;
}

/** What was announced and not yet asked for or turned down, by hex. */
type Announcement = Map<string, { readonly hash: Hash; readonly sure: boolean }>;

/**
 * The server's side of one subscriber. Nothing is queued for it: a subscriber that is behind is a position in the
 * store's order of arrival, and what waits at most is one frame in each direction and HAVE_WINDOW announcements.
 */
export class Subscriber {
  readonly #options: SubscriberOptions;
  /** Hex of the subscriber's key. */
  readonly #peer: string;
  readonly #ended = new AbortController();
  #generation = 0;
  readonly #admission: Admission;
  readonly #outlet: Outlet;
  #requested: Requested | null = null;
  /** Of what is pushed. */
  #matcher = new Matcher([]);
  #backlog: Backlog | null = null;
  #welcomed = true;
  #caughtUp = false;
  #saidCaughtUp = false;
  #beginning = false;
  /** The arrival number from which on to look for what the walk does not come by; `null` when that was done. */
  #besidesFrom: number | null = null;
  readonly #announced: Announcement[] = [];
  /** Matching arrivals that gossip should have brought to the subscriber; announced if it takes too long. */
  #deferred = new Deferred();
  /** What arrived since the last turn. */
  readonly #noticed = new Noticed();
  /** The cursor that the subscriber was last told, and when it is told again if it has moved without an announcement. */
  #told = { cursor: 0, again: Number.POSITIVE_INFINITY };
  /** Of two who are on a channel both would tell the other after the same while: the one with the higher key waits for twice as long. */
  readonly #patience: number;
  #credit = PUSH_CREDIT;
  /** What the subscriber holds as far as was seen on this stream, by hex. */
  readonly #known = new BoundedMap<string, true>(REMEMBERED_HASHES);
  /** Until then what comes from this key may still come from another device. */
  readonly #alone: number;
  #awake = false;
  #wake: () => void = () => undefined;

  constructor(options: SubscriberOptions) {
    this.#options = options;
    const { audience, bytes, clock, library, self, stalled, stream } = options;
    this.#peer = toHex(stream.peer);
    this.#alone = options.takesOver ? clock.now() + TAKEOVER : Number.NEGATIVE_INFINITY;
    this.#patience = compareBytes(self, stream.peer) < 0 ? LAZY_DELAY : 2 * LAZY_DELAY;
    this.#admission = new Admission(audience, library.envelopes, stream.peer);
    const { signal } = this.#ended;
    this.#outlet = new Outlet({ stream, clock, bytes, stalled, signal, onFailure: (error) => this.end(error) });
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

  /** Whether the very scope of this channel is asked for. */
  reads(channel: string): boolean {
    return this.#requested?.channels.has(channel) === true;
  }

  end(reason: unknown): void {
    this.#ended.abort(reason);
    this.#rouse();
  }

  /** Something new is in the store. */
  notice(arrival: FreshArrival): void {
    const isTheirs = arrival.from !== null && this.#hasGiven(arrival.from, arrival.envelope.author);
    if (isTheirs) this.#known.set(arrival.name, true);
    const matches = !isTheirs && this.#matcher.matches(arrival.envelope);
    this.#noticed.add(arrival, matches);
    if (matches) this.#rouse();
    else if (!isTheirs) this.#noticeHeard(arrival);
  }

  /** Whether the one who is served has given an envelope that came from this key. */
  #hasGiven(from: NodeKey, author: NodeKey): boolean {
    const { clock, stream } = this.#options;
    if (!equalBytes(from, stream.peer)) return false;
    // What the last device wrote may be on its way here still, while the next one is served: it would never be told of it.
    return clock.now() > this.#alone || !equalBytes(author, stream.peer);
  }

  /**
   * The subscriber has told of these itself: it is not told of them. What it wrote is another matter: a second device with its
   * identity has the same key, and may lack it.
   */
  holds(hashes: readonly Hash[]): void {
    const { library, stream } = this.#options;
    for (const hash of hashes) {
      const row = library.envelopes.row(hash);
      if (row !== undefined && !equalBytes(row.author, stream.peer)) this.#known.set(toHex(hash), true);
    }
  }

  /** These may be had now by evidence that came later than they did, or because it is known now where they started. */
  opened({ envelope, hash, start }: Opened): void {
    const row = this.#options.library.envelopes.row(hash);
    if (row === undefined) return;
    this.#requested?.opened(row, envelope);
    const isStart = start !== undefined && this.#asksFor(channelOf(start));
    // Who holds it by evidence is told as well: it may be how its author's other neighbours come by it.
    if (isStart) this.#known.delete(toHex(hash));
    // Most of what is certified was told of when it came, or came from this very subscriber.
    if (this.#known.has(toHex(hash)) || (!isStart && !this.#matcher.matches(envelope))) return;
    this.#defer({ row, sure: false, envelope }, this.#options.clock.now());
  }

  /** A mutable object has a new version. */
  versioned(key: VersionKey): void {
    if (this.#requested?.versions.changed(key) === true) this.#rouse();
  }

  /** The subscriber is trusted now, or no longer. */
  trustChanged(): void {
    const backlog = this.#backlog;
    if (backlog === null || this.#requested === null) return;
    this.#backlog = this.#requested.backlog(this.#admission.trusts, backlog.position);
    this.#matcher = new Matcher(this.#backlog.targets);
    this.#caughtUp = false;
    this.#rouse();
  }

  /** One without a place of its own starts where it was heard: whoever asks for that very place may have it. */
  #noticeHeard(arrival: FreshArrival): void {
    const { envelope, hash, start } = arrival;
    if (envelope.scopes.length === 0 || envelope.scopes.some(({ kind }) => kind === "geo")) return;
    // Whoever was asked may have been the only way here, after a split or an absence: the neighbours have it from nobody else.
    if (!this.#asksFor(arrival.channel ?? (start === undefined ? null : channelOf(start)))) return;
    const row = this.#options.library.envelopes.row(hash);
    if (row !== undefined) this.#defer({ row, sure: false, envelope }, this.#dueOf(arrival));
  }

  /** Whether the place of this channel is asked for, exactly. */
  #asksFor(channel: string | null): boolean {
    if (channel === null || this.#requested === null) return false;
    return this.#requested.places.has(channel);
  }

  /** Beside the walk, as far as there is room; what is left out is looked for when the rest is out. */
  #defer(listed: Listed, due: number): void {
    if (this.#deferred.size < MAX_BESIDE) this.#deferred.add(listed, due);
    // Certificates count from the next arrival on; what was heard, from its own.
    else this.#besidesFrom = Math.min(this.#besidesFrom ?? Number.POSITIVE_INFINITY, listed.row.seq - 1);
    this.#rouse();
  }

  /** When to tell of something that arrived: at once, unless the subscriber should hear it on its channel. */
  #dueOf({ listeners, passedTo }: FreshArrival): number {
    const times = passedTo.has(this.#peer) ? PASSED_ON : Number(listeners.has(this.#peer));
    return this.#options.clock.now() + times * this.#patience;
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
      case "fetch":
        await this.#fetch(message);
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
    if (subscriptions.some((subscription) => subscription.mode === "unknown")) {
      await this.#outlet.send({ kind: "refused", generation, code: "UNSUPPORTED_MODE" });
      return;
    }
    const sameStore = message.epoch !== null && equalBytes(message.epoch, library.epoch);
    const admission = this.#admission;
    admission.targets = subscriptions.map(({ target }) => target);
    const requested = new Requested({ admission, library, now: clock.now(), sameStore, subscriptions });
    this.#generation = generation;
    this.#requested = requested;
    this.#backlog = requested.backlog(admission.trusts, 0);
    this.#matcher = new Matcher(this.#backlog.targets);
    this.#deferred = new Deferred();
    this.#told = { cursor: 0, again: Number.POSITIVE_INFINITY };
    this.#welcomed = false;
    this.#caughtUp = false;
    this.#saidCaughtUp = false;
    this.#beginning = true;
    this.#besidesFrom = this.#backlog.position;
    this.#rouse();
    this.#options.onAsked(admission.targets);
  }

  async #deliver(message: Extract<ClientMessage, { kind: "want" }>): Promise<void> {
    const [announced] = this.#announced;
    if (announced === undefined) throw new ProtocolError("VIOLATION", "A want before any have.");
    const wanted = message.hashes.map((hash) => {
      const key = toHex(hash);
      const found = announced.get(key);
      if (found === undefined) throw new ProtocolError("VIOLATION", "A want for what was not announced.");
      announced.delete(key);
      this.#known.set(key, true);
      return found;
    });
    if (wanted.length > 0) {
      for (const { items, last } of framesOf(await this.#admission.items(wanted))) {
        await this.#outlet.send({ kind: "envelopes", last, envelopes: items });
      }
    }
    for (const { hash } of wanted) this.#options.onTaken(hash);
    if (message.more) return;
    for (const [key, { hash }] of announced) {
      this.#known.set(key, true);
      this.#options.onTaken(hash);
    }
    this.#announced.shift();
    this.#rouse();
  }

  /** Whatever hash is named: only what the set in force may have is given. */
  async #fetch({ hashes, id }: Extract<ClientMessage, { kind: "fetch" }>): Promise<void> {
    for (const hash of hashes) this.#known.set(toHex(hash), true);
    const wanted = hashes.map((hash) => ({ hash, sure: false }));
    for (const { items, last } of framesOf(await this.#admission.items(wanted))) {
      await this.#outlet.send({ kind: "fetched", id, last, envelopes: items });
    }
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
      await this.#outlet.send({
        kind: "welcome",
        generation: this.#generation,
        epoch: this.#options.library.epoch,
      });
      return true;
    }
    if (await this.#tell()) return true;
    if (this.#announced.length >= HAVE_WINDOW) return false;
    if (this.#deferred.isDue(this.#options.clock.now())) {
      await this.#announce(this.#deferred.take(), backlog.position);
      return true;
    }
    if (await this.#tellCursor(backlog)) return true;
    return this.#caughtUp ? this.#follow(backlog) : this.#catchUp(backlog);
  }

  /** Digests and hints whose minute has come, and versions; resolves with whether there was any. */
  async #tell(): Promise<boolean> {
    const generation = this.#generation;
    const now = this.#options.clock.now();
    const messages = await this.#requested?.next(generation, now, (hex) => this.#known.has(hex));
    if (messages === undefined || messages === null) return false;
    for (const message of messages) await this.#outlet.send(message);
    return true;
  }

  async #catchUp(backlog: Backlog): Promise<boolean> {
    if (await this.#lookBeside(backlog)) return true;
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
    if (this.#saidCaughtUp) return true;
    this.#saidCaughtUp = true;
    await this.#sayCaughtUp(backlog);
    return true;
  }

  async #sayCaughtUp({ position }: Backlog): Promise<void> {
    this.#tells(position);
    await this.#outlet.send({ kind: "caughtUp", generation: this.#generation, cursor: position });
  }

  /** A page of what the walk does not come by; resolves with whether anything was announced. */
  async #lookBeside(backlog: Backlog): Promise<boolean> {
    const from = this.#besidesFrom;
    const requested = this.#requested;
    if (from === null || requested === null) return false;
    const { rows, next } = requested.besides(from);
    this.#besidesFrom = next;
    return await this.#announce(rows, backlog.position);
  }

  /** What others had told the subscriber of moved the cursor too, and it would ask for all of it again another day. */
  async #tellCursor(backlog: Backlog): Promise<boolean> {
    if (this.#told.again > this.#options.clock.now()) return false;
    this.#told.again = Number.POSITIVE_INFINITY;
    if (!this.#caughtUp || this.#deferred.size > 0 || backlog.position <= this.#told.cursor) return false;
    await this.#sayCaughtUp(backlog);
    return true;
  }

  /** A frame says this cursor. */
  #tells(cursor: number): void {
    this.#told = { cursor, again: Number.POSITIVE_INFINITY };
  }

  /** The walk is there, and no frame says so. */
  #passed(cursor: number): void {
    if (cursor <= this.#told.cursor || this.#told.again < Number.POSITIVE_INFINITY) return;
    this.#told.again = this.#options.clock.now() + CURSOR_TOLD;
  }

  /** What arrived since: pushed at once, or left to gossip for a while, or announced when that is too much. */
  async #follow(backlog: Backlog): Promise<boolean> {
    if (this.#besidesFrom !== null && this.#deferred.size === 0 && (await this.#lookBeside(backlog))) return true;
    const noticed = this.#noticed.take(backlog.distance);
    const { rows, tip } =
      noticed === null ? backlog.next(MAX_HASHES - this.#deferred.size) : { rows: backlog.pass(noticed), tip: true };
    const pushes: { arrival: FreshArrival; listed: Listed }[] = [];
    const deferred: { listed: Listed; due: number }[] = [];
    const now = this.#options.clock.now();
    let behind = !tip;
    for (const listed of rows) {
      const arrival = this.#options.fresh.get(listed.row.hash);
      if (this.#known.has(arrival?.name ?? toHex(listed.row.hash))) continue;
      if (arrival === undefined) {
        behind = true;
        continue;
      }
      const due = this.#dueOf(arrival);
      const known = { row: listed.row, sure: listed.sure, envelope: arrival.envelope };
      if (due > now) deferred.push({ listed: known, due });
      else pushes.push({ arrival, listed: known });
    }
    if (behind || pushes.length > this.#credit) {
      await this.#announce([...this.#deferred.take(), ...rows], backlog.position);
      return true;
    }
    for (const { listed, due } of deferred) this.#deferred.add(listed, due);
    if (rows.length > 0 && this.#deferred.size === 0 && pushes.length === 0) this.#passed(backlog.position);
    for (const { arrival, listed } of pushes) {
      if (this.#backlog !== backlog) return true;
      await this.#push(arrival, listed);
    }
    return false;
  }

  async #push(arrival: FreshArrival, listed: Listed): Promise<void> {
    const bytes = await this.#admission.item(listed, arrival.bytes);
    if (bytes === null) return;
    this.#credit--;
    this.#known.set(arrival.name, true);
    // Nothing that is still deferred may lie below the cursor.
    const cursor = Math.min(listed.row.seq, this.#deferred.first - 1);
    this.#tells(cursor);
    await this.#outlet.send({ kind: "push", generation: this.#generation, cursor, bytes });
    this.#options.onTaken(arrival.hash);
  }

  async #announce(listed: readonly Listed[], cursor: number): Promise<boolean> {
    const unknown = new Map<string, Listed>();
    for (const each of listed) {
      const name = toHex(each.row.hash);
      if (!this.#known.has(name) && !this.#announced.some((open) => open.has(name))) unknown.set(name, each);
    }
    const generation = this.#generation;
    const admitted = unknown.size === 0 ? [] : await this.#admission.admit([...unknown.values()]);
    // Another set is in force by now: this cursor says nothing of it, and its own walk comes by whatever it may have.
    if (generation !== this.#generation) return false;
    if (admitted.length === 0) {
      this.#passed(cursor);
      return false;
    }
    this.#announced.push(new Map(admitted.map(({ row, sure }) => [toHex(row.hash), { hash: row.hash, sure }])));
    const hashes = admitted.map(({ row }) => row.hash);
    this.#tells(cursor);
    const have = { kind: "have", generation, cursor, hashes } as const;
    const starts = this.#requested?.starts(hashes) ?? [];
    await this.#outlet.send(starts.length === 0 ? have : { ...have, starts });
    return true;
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
    const { clock } = this.#options;
    // With the window full, what is due goes out when the subscriber has answered.
    const ready = this.#announced.length < HAVE_WINDOW;
    const due = Math.min(
      (ready ? this.#deferred.due : undefined) ?? Number.POSITIVE_INFINITY,
      ready ? this.#told.again : Number.POSITIVE_INFINITY,
      this.#requested?.due ?? Number.POSITIVE_INFINITY,
    );
    const cancel = Number.isFinite(due) ? clock.after(Math.max(0, due - clock.now()), this.#wake) : null;
    // Whatever ends it wakes it, too.
    await woken;
    cancel?.();
  }
}
