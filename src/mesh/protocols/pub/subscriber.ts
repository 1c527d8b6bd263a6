import { BoundedMap } from "../../../social/index.ts";
import { channelOf, equalBytes, toHex, type Hash } from "../../../wire/index.ts";
import type { FrameStream, Mesh } from "../../port.ts";
import type { Audience } from "../audience.ts";
import { abortable, pause, reasonOf, type Clock } from "../clock.ts";
import { ProtocolError } from "../errors.ts";
import type { Library, LibraryRow } from "../library.ts";
import type { TokenBucket } from "../token-bucket.ts";
import { Admission, type Listed } from "./admission.ts";
import { Backlog } from "./backlog.ts";
import { HAVE_WINDOW, LAZY_DELAY, MAX_HASHES, PUSH_CREDIT, REMEMBERED_HASHES } from "./constants.ts";
import type { Arrival, FreshArrivals, Opened } from "./fresh.ts";
import { framesOf } from "./frames-of.ts";
import { decodeClientMessage, type ClientMessage } from "./messages.ts";
import { Outlet } from "./outlet.ts";
import { Requested } from "./requested.ts";
import { Matcher } from "./subscription.ts";
import type { VersionKey } from "./versions.ts";

export interface SubscriberOptions {
  readonly stream: FrameStream;
  readonly library: Library;
  readonly audience: Audience;
  readonly fresh: FreshArrivals;
  readonly mesh: Pick<Mesh, "channelPeers">;
  readonly clock: Clock;
  readonly subscribes: TokenBucket;
  readonly bytes: TokenBucket;
  readonly stalled: number;
  /** The subscriber was given this, or says that it has it already. */
  readonly onTaken: (hash: Hash) => void;
  /** The subscriber asks for what is for trusted people. */
  readonly onTrustedBy: () => void;
}

/** What was announced and not yet asked for or turned down, by hex. */
type Announcement = Map<string, { readonly hash: Hash; readonly sure: boolean }>;

interface Deferred {
  readonly listed: Listed;
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
  /** Whether to announce what the walk does not come by. */
  #lookBeside = false;
  readonly #announced: Announcement[] = [];
  /** Matching arrivals that gossip should have brought to the subscriber; announced if it takes too long. */
  #deferred: Deferred[] = [];
  #credit = PUSH_CREDIT;
  /** What the subscriber holds as far as was seen on this stream, by hex. */
  readonly #known = new BoundedMap<string, true>(REMEMBERED_HASHES);
  #awake = false;
  #wake: () => void = () => undefined;

  constructor(options: SubscriberOptions) {
    this.#options = options;
    const { audience, bytes, clock, library, stalled, stream } = options;
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
    else this.#noticeHeard(arrival);
  }

  /** These may be had now by evidence that came later than they did. */
  opened({ envelope, hash }: Opened): void {
    const row = this.#options.library.envelopes.row(hash);
    if (row === undefined) return;
    this.#requested?.opened(row, envelope);
    if (this.#matcher.matches(envelope)) this.#defer(row, this.#options.clock.now());
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
  #noticeHeard(arrival: Arrival): void {
    const { envelope, hash, start } = arrival;
    if (envelope.scopes.length === 0 || envelope.scopes.some(({ kind }) => kind === "geo")) return;
    // Whoever was asked may have been the only way here, after a split or an absence: the neighbours have it from nobody else.
    const channel = arrival.channel ?? (start === undefined ? null : channelOf(start));
    const asked = this.#requested?.pushed.some(
      ({ target }) => target.kind === "scope" && target.match === "exact" && channelOf(target.scope) === channel,
    );
    const row = asked === true ? this.#options.library.envelopes.row(hash) : undefined;
    if (row === undefined) return;
    const now = this.#options.clock.now();
    this.#defer(row, this.#hearsGossip(arrival) ? now + LAZY_DELAY : now);
  }

  /** Beside the walk, as far as there is room: what is left out is looked for again with the next set. */
  #defer(row: LibraryRow, due: number): void {
    if (this.#deferred.length >= MAX_HASHES / 2) return;
    this.#deferred.push({ listed: { row, sure: false }, due });
    this.#rouse();
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
    if (subscriptions.some(({ target }) => target.kind === "trusted")) this.#options.onTrustedBy();
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
    this.#deferred = [];
    this.#welcomed = false;
    this.#caughtUp = false;
    this.#saidCaughtUp = false;
    this.#beginning = true;
    this.#lookBeside = true;
    this.#rouse();
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
    if (this.#isDue()) {
      await this.#announce(
        this.#deferred.splice(0).map((entry) => entry.listed),
        backlog.position,
      );
      return true;
    }
    return this.#caughtUp ? this.#follow(backlog) : this.#catchUp(backlog);
  }

  /** Digests and hints whose minute has come, and versions; resolves with whether there was any. */
  async #tell(): Promise<boolean> {
    const generation = this.#generation;
    const now = this.#options.clock.now();
    const messages = await this.#requested?.next(generation, now, (hex) => this.#known.get(hex) !== undefined);
    if (messages === undefined || messages === null) return false;
    for (const message of messages) await this.#outlet.send(message);
    return true;
  }

  async #catchUp(backlog: Backlog): Promise<boolean> {
    if (this.#lookBeside) {
      this.#lookBeside = false;
      if (await this.#announce(this.#requested?.besides(backlog.position) ?? [], backlog.position)) return true;
    }
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
    await this.#outlet.send({ kind: "caughtUp", generation: this.#generation, cursor: backlog.position });
    return true;
  }

  /** What arrived since: pushed at once, or left to gossip for a while, or announced when that is too much. */
  async #follow(backlog: Backlog): Promise<boolean> {
    const { rows, tip } = backlog.next(MAX_HASHES - this.#deferred.length);
    const pushes: { arrival: Arrival; listed: Listed }[] = [];
    const deferred: Deferred[] = [];
    let behind = !tip;
    for (const listed of rows) {
      const { hash } = listed.row;
      if (this.#known.get(toHex(hash)) !== undefined) continue;
      const arrival = this.#options.fresh.get(hash);
      if (arrival === undefined) behind = true;
      else if (this.#hearsGossip(arrival)) deferred.push({ listed, due: this.#options.clock.now() + LAZY_DELAY });
      else pushes.push({ arrival, listed });
    }
    if (behind || pushes.length > this.#credit) {
      const waiting = this.#deferred.splice(0).map((entry) => entry.listed);
      await this.#announce([...waiting, ...rows], backlog.position);
      return true;
    }
    this.#deferred.push(...deferred);
    for (const { arrival, listed } of pushes) {
      if (this.#backlog !== backlog) return true;
      await this.#push(arrival, listed);
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

  async #push(arrival: Arrival, listed: Listed): Promise<void> {
    const bytes = await this.#admission.item(listed, arrival.bytes);
    if (bytes === null) return;
    this.#credit--;
    this.#known.set(toHex(arrival.hash), true);
    // Nothing that is still deferred may lie below the cursor.
    const waiting = this.#deferred[0]?.listed.row.seq ?? Number.POSITIVE_INFINITY;
    const cursor = Math.min(listed.row.seq, waiting - 1);
    await this.#outlet.send({ kind: "push", generation: this.#generation, cursor, bytes });
    this.#options.onTaken(arrival.hash);
  }

  async #announce(listed: readonly Listed[], cursor: number): Promise<boolean> {
    const unknown = listed.filter(({ row }) => this.#known.get(toHex(row.hash)) === undefined);
    const admitted = await this.#admission.admit(unknown);
    if (admitted.length === 0) return false;
    this.#announced.push(new Map(admitted.map(({ row, sure }) => [toHex(row.hash), { hash: row.hash, sure }])));
    const hashes = admitted.map(({ row }) => row.hash);
    await this.#outlet.send({ kind: "have", generation: this.#generation, cursor, hashes });
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
    const deferred = this.#announced.length >= HAVE_WINDOW ? undefined : this.#deferred[0]?.due;
    const due = Math.min(deferred ?? Number.POSITIVE_INFINITY, this.#requested?.due ?? Number.POSITIVE_INFINITY);
    const cancel = Number.isFinite(due) ? clock.after(Math.max(0, due - clock.now()), this.#wake) : null;
    try {
      await abortable(woken, this.#ended.signal);
    } finally {
      cancel?.();
    }
  }
}
