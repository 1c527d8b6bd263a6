import { BoundedMap } from "../../../social/index.ts";
import { toHex, type Hash, type NodeKey } from "../../../wire/index.ts";
import type { FrameStream, Mesh } from "../../port.ts";
import type { Audience } from "../audience.ts";
import type { Clock } from "../clock.ts";
import { misdeedOf, ProtocolError } from "../errors.ts";
import type { Library } from "../library.ts";
import { PeerBudgets } from "../token-bucket.ts";
import { PUB_PROTOCOL, PUB_SERVER_LIMITS, REMEMBERED_PEERS, TAKEOVER, type PubServerLimits } from "./constants.ts";
import { FreshArrivals, type Arrival, type FreshArrival, type Opened } from "./fresh.ts";
import { Subscriber } from "./subscriber.ts";
import type { VersionKey } from "./versions.ts";

export interface PubServerOptions {
  readonly mesh: Pick<Mesh, "self" | "handle" | "report" | "channelPeers" | "eagerPeers">;
  readonly library: Library;
  readonly audience: Audience;
  readonly clock: Clock;
  readonly limits?: Partial<PubServerLimits>;
  /** A subscriber was given this, or says that it has it already. */
  readonly onTaken?: (hash: Hash, by: NodeKey) => void;
  /** A subscriber asks for what is for trusted people: whether it is trusted or not, it trusts this peer. */
  readonly onTrustedBy?: (peer: NodeKey) => void;
  /** `reads` may say yes of somebody of whom it said no before. */
  readonly onAsked?: () => void;
}

export interface PubServer {
  /** Peers that are served now. */
  readonly subscribers: number;
  /** Whether this peer asks for the very scope of a channel. */
  reads(peer: NodeKey, channel: string): boolean;
  /** Tells the subscribers what has just become part of the store. Call it after the commit, in order of arrival. */
  arrived(arrivals: readonly Arrival[]): void;
  /** A neighbour has said that it holds these: it is not told of them, and has taken them. */
  holds(peer: NodeKey, hashes: readonly Hash[]): void;
  /** Tells them of what is held since earlier and may be had now: by a certificate, or by where it turned out to have started. */
  opened(envelopes: readonly Opened[]): void;
  /** New versions of mutable objects are stored. */
  versioned(keys: readonly VersionKey[]): void;
  /** This peer is trusted now, or no longer: what it may have is looked at anew. */
  trustChanged(peer: NodeKey): void;
  /** Ends every stream and refuses new ones. */
  stop(): void;
}

/** Answers /mehr/pub/1 from now on. */
export function servePub(options: PubServerOptions): PubServer {
  const server = new Server(options);
  options.mesh.handle(PUB_PROTOCOL, (stream) => server.serve(stream));
  return server;
}

class Server implements PubServer {
  readonly #options: PubServerOptions;
  readonly #limits: PubServerLimits;
  readonly #budgets: PeerBudgets<"subscribes" | "bytes">;
  readonly #subscribers = new Map<string, Subscriber>();
  readonly #fresh = new FreshArrivals();
  /** When the last stream of a peer ended, by hex of its key. */
  readonly #ended = new BoundedMap<string, number>(REMEMBERED_PEERS);
  #stopped = false;

  constructor(options: PubServerOptions) {
    this.#options = options;
    this.#limits = { ...PUB_SERVER_LIMITS, ...options.limits };
    this.#budgets = new PeerBudgets({ subscribes: this.#limits.subscribes, bytes: this.#limits.bytes });
  }

  get subscribers(): number {
    return this.#subscribers.size;
  }

  reads(peer: NodeKey, channel: string): boolean {
    return this.#subscribers.get(toHex(peer))?.reads(channel) === true;
  }

  arrived(arrivals: readonly Arrival[]): void {
    const now = this.#options.clock.now();
    const known = new Map<string, Listeners>();
    for (const arrival of arrivals) {
      const { channel } = arrival;
      const there = channel === null ? NOBODY : (known.get(channel) ?? this.#listeners(channel));
      if (channel !== null) known.set(channel, there);
      const fresh = freshOf(arrival, there);
      this.#fresh.add(fresh, now);
      for (const subscriber of this.#subscribers.values()) subscriber.notice(fresh);
    }
  }

  holds(peer: NodeKey, hashes: readonly Hash[]): void {
    this.#subscribers.get(toHex(peer))?.holds(hashes);
    // It is never announced to it any more, so this is all that it will ever say of having it.
    for (const hash of hashes) this.#options.onTaken?.(hash, peer);
  }

  opened(envelopes: readonly Opened[]): void {
    for (const subscriber of this.#subscribers.values()) {
      for (const envelope of envelopes) subscriber.opened(envelope);
    }
  }

  versioned(keys: readonly VersionKey[]): void {
    for (const subscriber of this.#subscribers.values()) {
      for (const key of keys) subscriber.versioned(key);
    }
  }

  trustChanged(peer: NodeKey): void {
    this.#subscribers.get(toHex(peer))?.trustChanged();
  }

  #listeners(channel: string): Listeners {
    const { mesh } = this.#options;
    return {
      all: new Set(mesh.channelPeers(channel).map(toHex)),
      eager: new Set(mesh.eagerPeers(channel).map(toHex)),
    };
  }

  stop(): void {
    this.#stopped = true;
    for (const subscriber of this.#subscribers.values()) subscriber.end(stopped());
  }

  async serve(stream: FrameStream): Promise<void> {
    if (this.#stopped) throw stopped();
    const { audience, mesh, library, clock, onAsked, onTaken, onTrustedBy } = this.#options;
    const key = toHex(stream.peer);
    const earlier = this.#subscribers.get(key);
    if (earlier === undefined && this.#subscribers.size >= this.#limits.streams) {
      throw new ProtocolError("BUSY", "Too many subscribers.");
    }
    // A second stream of one peer means that it lost the first and this side has not noticed yet.
    earlier?.end(new ProtocolError("STOPPED", "The subscriber opened another stream."));
    const { subscribes, bytes } = this.#budgets.of(stream.peer, clock.now());
    const { stalled } = this.#limits;
    const ended = this.#ended.get(key);
    const takesOver = earlier !== undefined || (ended !== undefined && clock.now() - ended < TAKEOVER);
    const fresh = this.#fresh;
    const served = { stream, library, audience, fresh, self: mesh.self, clock, subscribes, bytes, stalled };
    const subscriber = new Subscriber({
      ...served,
      takesOver,
      onTaken: (hash) => onTaken?.(hash, stream.peer),
      onAsked: (targets) => {
        if (targets.some(({ kind }) => kind === "trusted")) onTrustedBy?.(stream.peer);
        onAsked?.();
      },
    });
    this.#subscribers.set(key, subscriber);
    try {
      await subscriber.run();
    } catch (error) {
      const misdeed = misdeedOf(error);
      if (misdeed !== null) mesh.report(stream.peer, misdeed);
      throw error;
    } finally {
      if (this.#subscribers.get(key) === subscriber) this.#subscribers.delete(key);
      this.#ended.set(key, clock.now());
    }
  }
}

/** Hex of the neighbours on a channel, and of those to whom what comes there is passed on. */
interface Listeners {
  readonly all: ReadonlySet<string>;
  readonly eager: ReadonlySet<string>;
}

const NO_ONE: ReadonlySet<string> = new Set();
const NOBODY: Listeners = { all: NO_ONE, eager: NO_ONE };

/** Each field by its name: every subscriber looks at all of them, and at copies of spread objects engines look slowly. */
function freshOf(arrival: Arrival, { all, eager }: Listeners): FreshArrival {
  const { bytes, channel, envelope, from, hash, start } = arrival;
  // What was written here is shown to be held by others when they say so.
  const passedTo = from === null ? NO_ONE : eager;
  return { hash, bytes, envelope, from, channel, start, name: toHex(hash), listeners: all, passedTo };
}

function stopped(): ProtocolError {
  return new ProtocolError("STOPPED", "This peer stopped serving.");
}
