/**
 * The connections that exist, as the links that the rest of the mesh sees: at most one direct link to a peer, none
 * left over from signalling, each with its traffic and its round trip.
 */
import type { Connection } from "@libp2p/interface";
import type { NodeKey } from "../wire/types.ts";
import { keyText, lowerKey, nodeKeyOf } from "./keys.ts";
import type { MeshLog } from "./options.ts";
import { measureRoundTrip } from "./ping.ts";
import type { PeerLink, Transport } from "./port.ts";
import type { Clock } from "./protocols/clock.ts";
import { LinkTraffic } from "./traffic.ts";

/**
 * The circuit that carried the signalling is closed this long after the direct link stands: the side that is not done
 * yet would lose its answer (measured: the two sides finish within 300 ms of each other).
 */
const SIGNALLING_GRACE = 5_000;
/** A circuit on which no direct link followed. Longer than the dial timeout. */
const CIRCUIT_LIFETIME = 60_000;
/** Two dials that cross: each is given up after 20 s (dialler.ts), and one may have waited for the other before. */
const DIALLED_AT_ONCE = 30_000;
/** How long the side that does not decide leaves two links to one peer standing. */
const DUPLICATE_GRACE = 10_000;
const PING_INTERVAL = 30_000;
/** The first measurement follows soon, for the network page and the first choice among providers. */
const FIRST_PING = 1_000;
const PING_TIMEOUT = 10_000;
/** Two unanswered pings end a link: ICE itself takes 15 to 30 s to notice that a peer is gone. */
const MAX_LOST_PINGS = 2;

export interface LinksOptions {
  readonly self: NodeKey;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: MeshLog;
  /** Whether this is a connection to one of our relays. */
  isRelay(connection: Connection): boolean;
  onConnected(peer: NodeKey): void;
  onDisconnected(peer: NodeKey): void;
  onChanged(): void;
  /** A peer has begun to open a link to us. */
  onSignalled(peer: NodeKey): void;
  /** This is a peer's direct link now, or still: what should run over it may have to be started. */
  onSound(connection: Connection): void;
}

export class Link {
  readonly peer: NodeKey;
  readonly peerText: string;
  readonly connection: Connection;
  readonly transport: Transport;
  readonly direct: boolean;
  readonly openedAt: number;
  readonly traffic = new LinkTraffic();
  roundTrip: number | null = null;
  usedAt: number;
  lostPings = 0;
  /** A ping is under way; another one beside it would go on beside it for good. */
  pinging = false;
  /** A circuit that has led to a direct link; what happens to that one later is not its business. */
  signalled = false;
  cancelTimer: (() => void) | null = null;

  constructor(connection: Connection, peer: NodeKey, isRelay: boolean, now: number) {
    this.peer = peer;
    this.peerText = keyText(peer);
    this.connection = connection;
    this.transport = transportOf(connection);
    this.direct = this.transport !== "relay" && !isRelay;
    this.openedAt = now;
    this.usedAt = now;
  }

  view(): PeerLink {
    return {
      peer: this.peer,
      transport: this.transport,
      direct: this.direct,
      direction: this.connection.direction,
      openedAt: this.openedAt,
      roundTrip: this.roundTrip,
      bytesIn: this.traffic.bytesIn,
      bytesOut: this.traffic.bytesOut,
      protocols: this.traffic.protocols(),
    };
  }
}

export class Links {
  readonly #options: LinksOptions;
  readonly #links = new Map<string, Link>();

  constructor(options: LinksOptions) {
    this.#options = options;
  }

  /** For `connection:open`. */
  opened(connection: Connection): void {
    const peer = nodeKeyOf(connection.remotePeer);
    if (peer === null) {
      closeConnection(connection);
      return;
    }
    const { clock, random } = this.#options;
    const link = new Link(connection, peer, this.#options.isRelay(connection), clock.now());
    const before = this.direct(peer);
    this.#links.set(connection.id, link);
    if (link.transport === "relay") {
      this.#watchCircuit(link);
      if (connection.direction === "inbound") {
        this.#options.onSignalled(peer);
      }
    } else {
      link.cancelTimer = clock.after(FIRST_PING * (1 + random()), () => void this.#ping(link));
    }
    if (link.direct) {
      this.#endSignalling(link);
      if (before !== null) {
        this.#resolveDuplicate(before, link);
      } else {
        this.#options.onConnected(peer);
      }
    }
    this.#options.onChanged();
  }

  /** For `connection:close`. */
  closed(connection: Connection): void {
    const link = this.#links.get(connection.id);
    if (link === undefined) {
      return;
    }
    this.#links.delete(connection.id);
    link.cancelTimer?.();
    if (link.direct) {
      const other = this.direct(link.peer);
      if (other === null) {
        this.#options.onDisconnected(link.peer);
      } else {
        this.#options.onSound(other.connection);
      }
    }
    this.#options.onChanged();
  }

  /** The direct link to a peer: the one that stays where there are two. */
  direct(peer: NodeKey): Link | null {
    const text = keyText(peer);
    let found: Link | null = null;
    for (const link of this.#links.values()) {
      if (link.direct && link.peerText === text && link.connection.status === "open") {
        found = found === null ? link : this.#keeper(found, link);
      }
    }
    return found;
  }

  relayLink(peer: NodeKey): Link | null {
    const text = keyText(peer);
    return [...this.#links.values()].find((link) => link.transport === "websocket" && link.peerText === text) ?? null;
  }

  byConnection(id: string): Link | undefined {
    return this.#links.get(id);
  }

  /** Whether this peer is signalling with us at the moment, on its own account. */
  isSignalling(peer: NodeKey): boolean {
    const text = keyText(peer);
    return [...this.#links.values()].some(
      (link) =>
        link.transport === "relay" &&
        link.peerText === text &&
        link.connection.direction === "inbound" &&
        !link.signalled,
    );
  }

  /** One direct link for each peer that has any. */
  directLinks(): Link[] {
    const links = new Map<string, Link>();
    for (const link of this.#links.values()) {
      if (link.direct && link.connection.status === "open") {
        const other = links.get(link.peerText);
        links.set(link.peerText, other === undefined ? link : this.#keeper(other, link));
      }
    }
    return [...links.values()];
  }

  views(): PeerLink[] {
    return [...this.#links.values()].map((link) => link.view());
  }

  close(link: Link): void {
    closeConnection(link.connection);
  }

  /** Ends all connections to a peer: politely, or at once when there is a fault to name. */
  drop(peer: NodeKey, fault?: Error): void {
    const text = keyText(peer);
    for (const link of [...this.#links.values()].filter((link) => link.peerText === text)) {
      // A WebSocket cannot be cut off: @libp2p/websockets 10.1 asks for close code 1006, which every browser refuses.
      if (fault === undefined || link.transport === "websocket") {
        closeConnection(link.connection);
      } else {
        link.connection.abort(fault);
      }
    }
  }

  /** Finds out at once which links are dead, for instance after this device was offline: one lost ping is enough now. */
  probe(): void {
    for (const link of this.#links.values()) this.doubt(link);
  }

  /** The same for one link, over which a stream was not answered: by its turn it would be found out after more than a minute. */
  doubt(link: Link): void {
    if (link.transport === "relay" || !this.#links.has(link.connection.id)) return;
    link.lostPings = MAX_LOST_PINGS - 1;
    if (link.pinging) return;
    link.cancelTimer?.();
    void this.#ping(link);
  }

  stop(): void {
    for (const link of this.#links.values()) {
      link.cancelTimer?.();
    }
    this.#links.clear();
  }

  #watchCircuit(link: Link): void {
    const wait = this.direct(link.peer) === null ? CIRCUIT_LIFETIME : SIGNALLING_GRACE;
    link.cancelTimer = this.#options.clock.after(wait, () => closeConnection(link.connection));
  }

  #endSignalling(direct: Link): void {
    for (const link of this.#links.values()) {
      if (link.transport === "relay" && link.peerText === direct.peerText) {
        link.signalled = true;
        link.cancelTimer?.();
        link.cancelTimer = this.#options.clock.after(SIGNALLING_GRACE, () => closeConnection(link.connection));
      }
    }
  }

  /**
   * Of two links that both sides have opened at once the one opened by the peer with the lower key stays; of any others the
   * newer, for that side would not have dialled if the older still worked, or if it were the same device at all.
   */
  #keeper(a: Link, b: Link): Link {
    const atOnce = Math.abs(a.openedAt - b.openedAt) < DIALLED_AT_ONCE;
    if (atOnce && a.connection.direction !== b.connection.direction) {
      const ours = lowerKey(this.#options.self, a.peer);
      return (a.connection.direction === "outbound") === ours ? a : b;
    }
    return a.openedAt > b.openedAt ? a : b;
  }

  /** The peer with the lower key closes the superfluous link; the other one only when that does not happen. */
  #resolveDuplicate(a: Link, b: Link): void {
    const superfluous = this.#keeper(a, b) === a ? b : a;
    if (lowerKey(this.#options.self, a.peer)) {
      closeConnection(superfluous.connection);
      return;
    }
    this.#options.clock.after(DUPLICATE_GRACE, () => {
      if (this.#links.has(a.connection.id) && this.#links.has(b.connection.id)) {
        closeConnection(superfluous.connection);
      }
    });
  }

  async #ping(link: Link): Promise<void> {
    const { clock, random, log } = this.#options;
    link.pinging = true;
    try {
      link.roundTrip = await measureRoundTrip(link.connection, clock, PING_TIMEOUT);
      link.lostPings = 0;
      if (link.direct) {
        this.#options.onSound(link.connection);
      }
      this.#options.onChanged();
    } catch (error) {
      link.lostPings += 1;
      log("debug", "ping_unanswered", { error });
      if (link.lostPings >= MAX_LOST_PINGS) {
        closeConnection(link.connection);
        return;
      }
    } finally {
      link.pinging = false;
    }
    if (this.#links.has(link.connection.id)) {
      link.cancelTimer = clock.after(PING_INTERVAL * (0.5 + random()), () => void this.#ping(link));
    }
  }
}

/** Politely if possible. */
export function closeConnection(connection: Connection): void {
  connection.close().catch((error: unknown) => {
    connection.abort(error instanceof Error ? error : new Error(String(error)));
  });
}

export function transportOf(connection: Connection): Transport {
  const names = new Set(connection.remoteAddr.getComponents().map((part) => part.name));
  if (names.has("webrtc")) {
    return "webrtc";
  }
  return names.has("p2p-circuit") ? "relay" : "websocket";
}
