/** Gets a direct link to a peer: the one there is, the one the peer is just opening, or a new one. */
import { equalBytes, type NodeKey } from "../wire/index.ts";
import { MeshError } from "./errors.ts";
import { keyText, lowerKey } from "./keys.ts";
import type { Link } from "./links.ts";
import { abortable, withDeadline, type Clock } from "./protocols/clock.ts";
import { Rests } from "./rests.ts";

export interface DiallerOptions {
  readonly self: NodeKey;
  readonly clock: Clock;
  readonly random: () => number;
  direct(peer: NodeKey): Link | null;
  isSignalling(peer: NodeKey): boolean;
  isBanned(peer: NodeKey): boolean;
  /** Resolves when the link stands. */
  dial(peer: NodeKey, signal: AbortSignal): Promise<void>;
}

/** From the first byte until the direct link stands: measured 0.2 to 0.8 s through a relay, more on slow phones. */
const DIAL_TIMEOUT = 20_000;
/** How long a dial waits for the peer's own one that is already under way. */
const SIGNALLING_TIMEOUT = 8_000;

export class Dialler {
  readonly #options: DiallerOptions;
  readonly #dials = new Map<string, Promise<Link>>();
  readonly #waiting = new Map<string, Set<(link: Link) => void>>();
  /** Ends the attempt of ours that is under way. */
  readonly #attempts = new Map<string, AbortController>();
  readonly #rests: Rests;

  constructor(options: DiallerOptions) {
    this.#options = options;
    this.#rests = new Rests(options.clock, options.random);
  }

  /** @throws MeshError `UNREACHABLE`, `TIMEOUT`, or the signal's reason */
  async link(peer: NodeKey, signal?: AbortSignal): Promise<Link> {
    const existing = this.#options.direct(peer);
    if (existing !== null) {
      return existing;
    }
    // The DHT's contacts name this peer, too, and a neighbour that is asked for whoever asks takes it for a breach.
    if (equalBytes(peer, this.#options.self)) {
      throw new MeshError("UNREACHABLE", "This is the peer itself.");
    }
    // Another device with the same identity is named by neighbours like anybody else; libp2p has no links to its own key.
    if (keyText(peer) === keyText(this.#options.self)) {
      throw new MeshError("UNREACHABLE", "This is the own key.");
    }
    if (this.#options.isBanned(peer)) {
      throw new MeshError("UNREACHABLE", "This peer is shut out.");
    }
    if (this.#rests.resting(peer)) {
      throw new MeshError("UNREACHABLE", "Links to this peer end too soon: it is left in peace for a while.");
    }
    const text = keyText(peer);
    let dial = this.#dials.get(text);
    if (dial === undefined) {
      // Not bound to the first caller's signal: others may join, and a link is of use later, too.
      dial = this.#dial(peer).finally(() => this.#dials.delete(text));
      this.#dials.set(text, dial);
    }
    return await abortable(dial, signal);
  }

  /** A direct link to this peer stands. */
  linked(peer: NodeKey): void {
    const link = this.#options.direct(peer);
    if (link !== null) {
      for (const resolve of this.#waiting.get(keyText(peer)) ?? []) {
        resolve(link);
      }
      if (link.connection.direction === "outbound") {
        this.#rests.opened(peer);
      }
    }
  }

  /** There is no direct link to this peer any more. */
  unlinked(peer: NodeKey): void {
    this.#rests.ended(peer);
  }

  /** The network may be another one now: everybody may be tried again at once. */
  reconnect(): void {
    this.#rests.forget();
  }

  /**
   * The peer has begun to dial us. Where both dial at once, the attempt of the peer with the lower key goes on and the
   * other one is given up, before it has become a link.
   */
  signalled(peer: NodeKey): void {
    if (lowerKey(peer, this.#options.self)) {
      this.#attempts.get(keyText(peer))?.abort(new MeshError("UNREACHABLE", "The peer's own dial goes first."));
    }
  }

  /** Whether this side is dialling that peer, and goes on where both do. */
  goesFirst(peer: NodeKey): boolean {
    return this.#attempts.has(keyText(peer)) && lowerKey(this.#options.self, peer);
  }

  async #dial(peer: NodeKey): Promise<Link> {
    const arrived = await this.#awaitSignalling(peer);
    if (arrived !== null) {
      return arrived;
    }
    try {
      return await withDeadline(this.#options.clock, DIAL_TIMEOUT, undefined, (signal) => this.#race(peer, signal));
    } catch (error) {
      const link = await this.#awaitSignalling(peer);
      if (link !== null) {
        return link;
      }
      if (error instanceof MeshError) {
        throw error;
      }
      throw new MeshError("UNREACHABLE", "The peer could not be reached.", { cause: error });
    }
  }

  /** The link that the peer is opening, if it is opening one and succeeds. */
  async #awaitSignalling(peer: NodeKey): Promise<Link | null> {
    return this.#options.isSignalling(peer) ? await this.#arrival(peer, SIGNALLING_TIMEOUT) : null;
  }

  /**
   * Dials; a link that the peer opens meanwhile serves as well, unless this side's dial goes first. The peer gives its own
   * up then, and what has arrived of it may be a link that never comes to life: the answering side of @libp2p/webrtc 6
   * announces it before ICE has connected. To rely on it would leave both sides without a dial.
   */
  async #race(peer: NodeKey, signal: AbortSignal): Promise<Link> {
    const text = keyText(peer);
    const attempt = new AbortController();
    this.#attempts.set(text, attempt);
    const onAbort = (): void => attempt.abort(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    const arrived = this.#onArrival(peer);
    try {
      const dialled = this.#options.dial(peer, attempt.signal).then(() => {
        const link = this.#options.direct(peer);
        if (link === null) {
          throw new MeshError("UNREACHABLE", "The link closed at once.");
        }
        return link;
      });
      dialled.catch(() => undefined);
      const goesFirst = lowerKey(this.#options.self, peer);
      const settled = goesFirst ? dialled : Promise.race([dialled, arrived.link]);
      const link = await abortable(settled, attempt.signal);
      if (!goesFirst && link.connection.direction === "inbound") {
        attempt.abort(new MeshError("UNREACHABLE", "The peer's own dial came first."));
      }
      return link;
    } catch (error) {
      const link = this.#options.direct(peer);
      if (link === null) {
        throw error;
      }
      return link;
    } finally {
      this.#attempts.delete(text);
      arrived.cancel();
      signal.removeEventListener("abort", onAbort);
    }
  }

  async #arrival(peer: NodeKey, milliseconds: number): Promise<Link | null> {
    const existing = this.#options.direct(peer);
    if (existing !== null) {
      return existing;
    }
    const arrived = this.#onArrival(peer);
    let cancel = (): void => undefined;
    try {
      const late = new Promise<null>((resolve) => {
        cancel = this.#options.clock.after(milliseconds, () => resolve(null));
      });
      return await Promise.race([arrived.link, late]);
    } finally {
      cancel();
      arrived.cancel();
    }
  }

  #onArrival(peer: NodeKey): { link: Promise<Link>; cancel(): void } {
    const text = keyText(peer);
    const waiting = this.#waiting.get(text) ?? new Set();
    this.#waiting.set(text, waiting);
    let listener: (link: Link) => void = () => undefined;
    const link = new Promise<Link>((resolve) => {
      listener = resolve;
      waiting.add(listener);
    });
    return {
      link,
      cancel: () => {
        waiting.delete(listener);
        if (waiting.size === 0 && this.#waiting.get(text) === waiting) {
          this.#waiting.delete(text);
        }
      },
    };
  }
}
