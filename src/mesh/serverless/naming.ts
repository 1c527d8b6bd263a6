/**
 * Peers hear of one another from their neighbours: every peer registers its channels with those it is linked to, and names
 * those that registered the same channels to each other. It is the relay's rendezvous, word for word.
 */
import { BoundedMap } from "../../social/index.ts";
import { toHex, type NodeKey } from "../../wire/index.ts";
import { backoff } from "../backoff.ts";
import { MeshError } from "../errors.ts";
import type { MeshLog } from "../options.ts";
import type { FrameStream, Mesh } from "../port.ts";
import { pause, type Clock } from "../protocols/clock.ts";
import { misdeedOf } from "../protocols/errors.ts";
import { PeerBudgets } from "../protocols/token-bucket.ts";
import { encodeServerFrame } from "../rendezvous-messages.ts";
import { RendezvousServer } from "../rendezvous-server.ts";
import { RENDEZVOUS_PROTOCOL } from "../rendezvous.ts";

export interface NamingOptions {
  readonly mesh: Pick<Mesh, "openStream" | "report">;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly log: MeshLog;
  /** Neighbours that are served at once. */
  readonly maxPeers: number;
  /** Whether this peer introduces its neighbours to each other, now. */
  readonly willing: () => boolean;
  /** Asks over this stream until it ends or the signal fires. */
  readonly introduce: (stream: FrameStream, signal: AbortSignal) => Promise<void>;
}

/** As with relays: a rendezvous that ended or was refused is tried again after growing waits. */
const RETRY_BASE = 5_000;
const RETRY_MAX = 300_000;
/** Peers that a neighbour may name that it had not named before: all that one answer may hold, then one in five seconds. */
const NAMES = { perSecond: 0.2, burst: 128 };
/** Names remembered of each neighbour. */
const MAX_NAMES = 512;

interface Asked {
  readonly ended: AbortController;
  /** Whom it has named. */
  readonly names: BoundedMap<string, true>;
}

export class Naming {
  readonly #options: NamingOptions;
  readonly #server: RendezvousServer;
  readonly #names = new PeerBudgets({ names: NAMES });
  /** By neighbour. */
  readonly #asked = new Map<string, Asked>();

  constructor(options: NamingOptions) {
    const { clock, random, maxPeers } = options;
    this.#options = options;
    this.#server = new RendezvousServer({ clock, maxPeers, random: (below) => Math.floor(random() * below) });
  }

  /** A direct link stands: its peer is asked for as long as it does. */
  linked(peer: NodeKey): void {
    const name = toHex(peer);
    if (this.#asked.has(name)) return;
    const ended = new AbortController();
    this.#asked.set(name, { ended, names: new BoundedMap(MAX_NAMES) });
    void this.#ask(peer, ended.signal);
  }

  unlinked(peer: NodeKey): void {
    this.#asked.get(toHex(peer))?.ended.abort(new MeshError("STREAM_RESET", "The link is gone."));
    this.#asked.delete(toHex(peer));
  }

  /** Of those that a neighbour named, those that it may name; null when `by` is none of the neighbours asked. */
  heard(by: NodeKey, peers: readonly NodeKey[]): NodeKey[] | null {
    const asked = this.#asked.get(toHex(by));
    if (asked === undefined) return null;
    const now = this.#options.clock.now();
    const { names } = this.#names.of(by, now);
    return peers.filter((peer) => {
      const text = toHex(peer);
      if (asked.names.get(text) !== undefined) return true;
      if (!names.has(1, now)) return false;
      names.spend(1, now);
      asked.names.set(text, true);
      return true;
    });
  }

  /** Serves one neighbour. */
  async serve(stream: FrameStream): Promise<void> {
    const { mesh, willing } = this.#options;
    if (!willing()) {
      await stream.write(encodeServerFrame({ type: "refuse", code: "RENDEZVOUS_FULL" }));
      return;
    }
    try {
      await this.#server.handle(stream);
    } catch (error) {
      const misdeed = misdeedOf(error);
      if (misdeed !== null) mesh.report(stream.peer, misdeed);
      throw error;
    }
  }

  stop(): void {
    for (const { ended } of this.#asked.values()) ended.abort(new MeshError("MESH_STOPPED", "The mesh has stopped."));
    this.#asked.clear();
    this.#server.stop();
  }

  async #ask(peer: NodeKey, ended: AbortSignal): Promise<void> {
    const { mesh, clock, random, log, introduce } = this.#options;
    for (let failures = 1; !ended.aborted; failures++) {
      const since = clock.now();
      try {
        await introduce(await mesh.openStream(peer, RENDEZVOUS_PROTOCOL, { signal: ended }), ended);
      } catch (error) {
        if (ended.aborted || (error instanceof MeshError && error.code === "PROTOCOL_UNSUPPORTED")) return;
        const misdeed = misdeedOf(error);
        if (misdeed !== null) mesh.report(peer, misdeed);
        log("debug", "rendezvous_ended", { peer: toHex(peer), error });
      }
      if (clock.now() - since > RETRY_MAX) failures = 1;
      await this.#rest(backoff(failures, RETRY_BASE, RETRY_MAX, random), ended);
    }
  }

  /** Returns early when the link is gone. */
  async #rest(milliseconds: number, ended: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    try {
      await pause(clock, milliseconds, ended);
    } catch (error) {
      if (!ended.aborted) throw error;
    }
  }
}
