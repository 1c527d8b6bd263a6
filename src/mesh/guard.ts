/** Who is let in and what each may cost: the misdeeds, the bans and the budgets of one mesh. */
import type { Connection, Stream } from "@libp2p/interface";
import type { NodeKey } from "../wire/index.ts";
import { BUDGETS, guardFlow, Inbox, Knocks, limitInbound, StreamGate } from "./budgets/index.ts";
import { GOSSIP_PROTOCOLS } from "./channels.ts";
import { DHT_PROTOCOL } from "./dht/dht.ts";
import { MeshError } from "./errors.ts";
import { KeptBans } from "./kept-bans.ts";
import { keyText, nodeKeyOf } from "./keys.ts";
import { Misdeeds } from "./misdeeds.ts";
import type { MeshLog, PeerMemory } from "./options.ts";
import type { MisdeedView, ShutOut } from "./port.ts";
import type { Clock } from "./protocols/clock.ts";
import { PeerBudgets } from "./protocols/token-bucket.ts";

export interface GuardOptions {
  readonly clock: Clock;
  readonly log: MeshLog;
  readonly memory: PeerMemory | undefined;
  /** Ends every connection to this peer at once. */
  drop(peer: NodeKey, fault: Error): void;
  /** Something that `shutOut` or `misdeeds` show has changed. */
  onChanged(): void;
}

/**
 * Bytes that one stream of the DHT may bring, asked or asking. A request is a key and a few contacts, an answer names eight
 * contacts and eight providers, some 2 kB at most; the library would take 4 MiB of contacts, and look at them for 40 s.
 */
const MAX_DHT_BYTES = 16_384;

export class Guard {
  readonly inbox: Inbox;
  readonly knocks: Knocks;
  readonly #options: GuardOptions;
  readonly #misdeeds: Misdeeds;
  readonly #kept: KeptBans;
  readonly #streams: StreamGate;
  readonly #gossip: PeerBudgets<"bytes">;

  constructor(options: GuardOptions) {
    const { clock, log, memory } = options;
    this.#options = options;
    const onMisdeed = (peer: NodeKey, code: string): void => this.report(peer, code);
    this.#misdeeds = new Misdeeds(clock, () => this.#kept.changed());
    this.#kept = new KeptBans({ misdeeds: this.#misdeeds, memory, clock, log });
    this.inbox = new Inbox({ clock, onMisdeed });
    this.knocks = new Knocks(clock);
    this.#streams = new StreamGate({ clock, onMisdeed });
    this.#gossip = new PeerBudgets({ bytes: BUDGETS.gossip.bytes });
  }

  /** Before anybody is let in. */
  async start(): Promise<void> {
    await this.#kept.load();
  }

  async stop(): Promise<void> {
    this.inbox.stop();
    await this.#kept.stop();
  }

  report(peer: NodeKey, code: string): void {
    const { drop, log, onChanged } = this.#options;
    log("debug", "misdeed", { peer: keyText(peer), code });
    if (this.#misdeeds.report(peer, code)) {
      log("warn", "peer_shut_out", { peer: keyText(peer), code });
      this.inbox.forget(peer);
      drop(peer, new MeshError("PROTOCOL_VIOLATION", "This peer is shut out."));
    }
    onChanged();
  }

  isBanned(peer: NodeKey): boolean {
    return this.#misdeeds.isBanned(peer);
  }

  points(peer: NodeKey): number {
    return this.#misdeeds.points(peer);
  }

  setBlocked(peers: readonly NodeKey[]): void {
    this.#misdeeds.setBlocked(peers);
    // No more is said than when a link breaks: whoever is blocked learns nothing from it.
    for (const peer of peers) {
      this.inbox.forget(peer);
      this.#options.drop(peer, new MeshError("STREAM_RESET", "The link is closed."));
    }
  }

  pardon(peer: NodeKey): void {
    this.#misdeeds.pardon(peer);
    this.#options.onChanged();
  }

  shutOut(): ShutOut[] {
    return this.#misdeeds.shutOut();
  }

  misdeeds(): MisdeedView[] {
    return this.#misdeeds.recent();
  }

  /** A connection stands. */
  opened(connection: Connection, { relay }: { relay: boolean }): void {
    const peer = nodeKeyOf(connection.remotePeer);
    if (peer !== null && !this.#streams.watch(connection, peer, { relay })) {
      this.report(peer, "PROTOCOL_VIOLATION");
      connection.abort(new MeshError("PROTOCOL_VIOLATION", "Too many streams at once."));
    }
  }

  /** A stream has agreed on its protocol and is about to be handled. */
  stream(stream: Stream, connection: Connection): void {
    const peer = nodeKeyOf(connection.remotePeer);
    if (peer === null) {
      return;
    }
    if (stream.protocol === DHT_PROTOCOL) {
      limitInbound(stream, MAX_DHT_BYTES, () => this.report(peer, "FRAME_TOO_LARGE"));
      return;
    }
    if (stream.direction !== "inbound") {
      return;
    }
    const { clock } = this.#options;
    if (GOSSIP_PROTOCOLS.some((protocol) => protocol === stream.protocol)) {
      const { bytes } = this.#gossip.of(peer, clock.now());
      const { maxUnread } = BUDGETS.gossip;
      guardFlow(stream, { clock, bytes, maxUnread, onOverflow: () => this.report(peer, "FLOODING") });
    }
  }
}
