/** The relay's end of `/mehr/rendezvous/1`: who is there for which channel, in memory, bounded in every direction. */
import { toHex } from "../wire/index.ts";
import { MeshError } from "./errors.ts";
import type { FrameStream } from "./port.ts";
import type { Clock } from "./protocols/clock.ts";
import { withDeadline } from "./protocols/clock.ts";
import { PeerBudgets } from "./protocols/token-bucket.ts";
import type { Introduction, RefusalCode, ServerFrame } from "./rendezvous-messages.ts";
import { RENDEZVOUS_LIMITS, decodeClientFrame, encodeServerFrame } from "./rendezvous-messages.ts";

export interface RendezvousServerOptions {
  readonly clock: Clock;
  /** A whole number in `[0, below)`, uniformly at random. */
  random(below: number): number;
  /** Peers registered at the same time; default 4,096, the number of reservations of the relay. */
  readonly maxPeers?: number;
}

/** A client needs two registrations in `maxTtl`, and some more while a person tries out topics. */
const REGISTRATION_RATE = { perSecond: 0.5, burst: 10 };
/** Newcomers reach a waiting peer within half a second; a crowd of them arrives as one frame. */
const PUSH_INTERVAL = 500;
/** Streams of one peer at once. */
const MAX_STREAMS = 2;
/** A reader that takes no frame for this long is gone. */
const WRITE_TIMEOUT = 30_000;

interface Session {
  readonly key: string;
  readonly stream: FrameStream;
  readonly channels: Set<Channel>;
  /** Newcomers not yet told: by channel, the sessions. Holds `maxPeersPerFrame` at most. */
  readonly newcomers: Map<Channel, Set<Session>>;
  newcomerCount: number;
  lastPush: number;
  cancelPush: (() => void) | null;
  cancelExpiry: (() => void) | null;
  ended: boolean;
}

/** Members in an array beside their places in it: one can be drawn at random, and removed, in constant time. */
class Channel {
  readonly hash: Uint8Array;
  readonly members: Session[] = [];
  readonly #places = new Map<Session, number>();

  constructor(hash: Uint8Array) {
    this.hash = hash;
  }

  add(session: Session): void {
    this.#places.set(session, this.members.push(session) - 1);
  }

  remove(session: Session): void {
    const place = this.#places.get(session);
    const last = this.members.pop();
    if (place === undefined || last === undefined) return;
    this.#places.delete(session);
    if (last === session) return;
    this.members[place] = last;
    this.#places.set(last, place);
  }

  /** Up to `count` distinct members other than `except`. */
  sample(count: number, except: Session, random: (below: number) => number): Session[] {
    const { length } = this.members;
    if (length - 1 <= count) return this.members.filter((member) => member !== except);
    const chosen = new Set<Session>();
    while (chosen.size < count) {
      const member = this.members[random(length)];
      if (member !== undefined && member !== except) chosen.add(member);
    }
    return [...chosen];
  }
}

export class RendezvousServer {
  readonly #options: RendezvousServerOptions;
  readonly #maxPeers: number;
  /** By hex of the key, the oldest first. */
  readonly #sessions = new Map<string, Session[]>();
  readonly #channels = new Map<string, Channel>();
  readonly #budgets = new PeerBudgets({ registrations: REGISTRATION_RATE });

  constructor(options: RendezvousServerOptions) {
    this.#options = options;
    this.#maxPeers = options.maxPeers ?? 4_096;
  }

  /** Peers with a live registration, and the distinct channels among them. */
  status(): { readonly peers: number; readonly channels: number } {
    return { peers: this.#sessions.size, channels: this.#channels.size };
  }

  /**
   * Serves one peer until it ends the stream or its registration runs out. A third stream of the same peer takes the place
   * of the first: one may be left from before, or another device runs the same identity, and if each took the place of the
   * other neither would be told of anybody.
   * @throws ProtocolError `MALFORMED`, MeshError `STREAM_RESET`, `TIMEOUT`; the caller aborts the stream.
   */
  async handle(stream: FrameStream): Promise<void> {
    const session = this.#open(stream);
    if (session === null) return this.#refuse(stream, "RENDEZVOUS_FULL");
    try {
      this.#expireIn(session, RENDEZVOUS_LIMITS.minTtl);
      for (let bytes = await stream.read(); bytes !== null; bytes = await stream.read()) {
        const frame = decodeClientFrame(bytes);
        if (!this.#mayRegister(session)) return await this.#refuse(stream, "RENDEZVOUS_RATE");
        const ttl = Math.min(Math.max(frame.ttl, RENDEZVOUS_LIMITS.minTtl), RENDEZVOUS_LIMITS.maxTtl);
        this.#expireIn(session, ttl);
        this.#setChannels(session, frame.channels);
        await this.#write(session, { type: "answer", ttl, introductions: this.#introduce(session) });
      }
      await stream.close();
    } finally {
      this.#end(session);
    }
  }

  /** Ends every stream. */
  stop(): void {
    for (const session of [...this.#sessions.values()].flat()) {
      this.#end(session);
      session.stream.abort(new MeshError("MESH_STOPPED", "the relay stops"));
    }
  }

  #open(stream: FrameStream): Session | null {
    const key = toHex(stream.peer);
    const before = this.#sessions.get(key) ?? [];
    const [oldest] = before;
    if (oldest !== undefined && before.length >= MAX_STREAMS) {
      this.#end(oldest);
      oldest.stream.abort(new MeshError("STREAM_RESET", "a newer stream of this peer takes over"));
    }
    if (before.length === 0 && this.#sessions.size >= this.#maxPeers) return null;
    const now = this.#options.clock.now();
    const session: Session = {
      key,
      stream,
      channels: new Set(),
      newcomers: new Map(),
      newcomerCount: 0,
      lastPush: now - PUSH_INTERVAL,
      cancelPush: null,
      cancelExpiry: null,
      ended: false,
    };
    this.#sessions.set(key, [...(this.#sessions.get(key) ?? []), session]);
    return session;
  }

  #end(session: Session): void {
    if (session.ended) return;
    session.ended = true;
    session.cancelPush?.();
    session.cancelExpiry?.();
    for (const channel of session.channels) this.#leave(session, channel);
    const left = (this.#sessions.get(session.key) ?? []).filter((other) => other !== session);
    if (left.length === 0) this.#sessions.delete(session.key);
    else this.#sessions.set(session.key, left);
  }

  #expireIn(session: Session, ttl: number): void {
    session.cancelExpiry?.();
    session.cancelExpiry = this.#options.clock.after(ttl, () => {
      this.#end(session);
      session.stream.abort(new MeshError("TIMEOUT", "the registration ran out"));
    });
  }

  /** Whether this peer may register once more now; the count survives its streams. */
  #mayRegister(session: Session): boolean {
    const now = this.#options.clock.now();
    const { registrations } = this.#budgets.of(session.stream.peer, now);
    if (registrations.debt(now) > 0) return false;
    registrations.spend(1, now);
    return true;
  }

  #setChannels(session: Session, hashes: readonly Uint8Array[]): void {
    if (session.ended) return;
    const wanted = new Map(hashes.map((hash) => [toHex(hash), hash]));
    for (const channel of session.channels) {
      if (!wanted.has(toHex(channel.hash))) this.#leave(session, channel);
    }
    // In the order asked: the channels named first are served first.
    const ordered = [...wanted].map(([name, hash]) => this.#join(session, name, hash));
    session.channels.clear();
    for (const channel of ordered) session.channels.add(channel);
  }

  #join(session: Session, name: string, hash: Uint8Array): Channel {
    let channel = this.#channels.get(name);
    if (channel === undefined) {
      channel = new Channel(hash);
      this.#channels.set(name, channel);
    }
    if (!session.channels.has(channel)) channel.add(session);
    return channel;
  }

  #leave(session: Session, channel: Channel): void {
    session.channels.delete(channel);
    session.newcomerCount -= session.newcomers.get(channel)?.size ?? 0;
    session.newcomers.delete(channel);
    channel.remove(session);
    if (channel.members.length === 0) this.#channels.delete(toHex(channel.hash));
  }

  /** Chooses peers for `session` and announces it to the same ones: either side may be the one that can dial. */
  #introduce(session: Session): Introduction[] {
    const introductions: Introduction[] = [];
    let room: number = RENDEZVOUS_LIMITS.maxPeersPerFrame;
    for (const channel of session.channels) {
      const count = Math.min(room, RENDEZVOUS_LIMITS.maxPeersPerChannel);
      const sampled = channel.sample(count, session, (below) => this.#options.random(below));
      const others = sampled.filter((peer) => peer.key !== session.key);
      const peers = distinct(others);
      if (peers.length === 0) continue;
      room -= peers.length;
      introductions.push({ channel: channel.hash, peers: peers.map((peer) => peer.stream.peer) });
      for (const peer of others) this.#announce(session, channel, peer);
    }
    return introductions;
  }

  #announce(newcomer: Session, channel: Channel, to: Session): void {
    if (to.newcomerCount >= RENDEZVOUS_LIMITS.maxPeersPerFrame) return;
    const told = to.newcomers.get(channel) ?? new Set();
    if (told.has(newcomer)) return;
    to.newcomers.set(channel, told.add(newcomer));
    to.newcomerCount += 1;
    this.#schedulePush(to);
  }

  #schedulePush(session: Session): void {
    if (session.cancelPush !== null || session.ended) return;
    const wait = Math.max(0, session.lastPush + PUSH_INTERVAL - this.#options.clock.now());
    session.cancelPush = this.#options.clock.after(wait, () => {
      this.#push(session).catch((error: unknown) => {
        this.#end(session);
        session.stream.abort(error instanceof Error ? error : new MeshError("STREAM_RESET", String(error)));
      });
    });
  }

  async #push(session: Session): Promise<void> {
    const introductions: Introduction[] = [];
    for (const [channel, newcomers] of session.newcomers) {
      const here = distinct([...newcomers].filter((newcomer) => newcomer.channels.has(channel)));
      if (here.length > 0) introductions.push({ channel: channel.hash, peers: here.map(({ stream }) => stream.peer) });
    }
    session.newcomers.clear();
    session.newcomerCount = 0;
    if (introductions.length > 0) await this.#write(session, { type: "introduce", introductions });
    session.lastPush = this.#options.clock.now();
    session.cancelPush = null;
    if (session.newcomers.size > 0) this.#schedulePush(session);
  }

  async #write(session: Session, frame: ServerFrame): Promise<void> {
    if (session.ended) return;
    await withDeadline(this.#options.clock, WRITE_TIMEOUT, undefined, (signal) =>
      session.stream.write(encodeServerFrame(frame), { signal }),
    );
  }

  async #refuse(stream: FrameStream, code: RefusalCode): Promise<void> {
    await stream.write(encodeServerFrame({ type: "refuse", code }));
    await stream.close();
  }
}

/** One session of each key. */
function distinct(sessions: readonly Session[]): Session[] {
  return [...new Map(sessions.map((session) => [session.key, session])).values()];
}
