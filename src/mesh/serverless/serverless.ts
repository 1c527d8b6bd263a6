/** Composes what makes links without a server. */
import type { NodeKey } from "../../wire/index.ts";
import { Invites, type Endpoints, type Sign } from "../invite/index.ts";
import type { MeshLog } from "../options.ts";
import type { FrameStream, Mesh } from "../port.ts";
import type { Clock } from "../protocols/clock.ts";
import { Signalling } from "../protocols/signal/index.ts";
import { introduces } from "./goodwill.ts";
import type { IntroduceMode } from "../port.ts";
import { Naming } from "./naming.ts";

export interface ServerlessOptions {
  readonly mesh: Pick<Mesh, "self" | "peers" | "links" | "openStream" | "report">;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly log: MeshLog;
  readonly endpoints: Endpoints;
  readonly sign: Sign;
  /** Neighbours that are served at once. */
  readonly maxPeers: number;
  readonly mode: () => IntroduceMode;
  /** Whether the browser says that bytes are dear or few here. */
  readonly metered: () => boolean;
  /** Whether a link to this peer is welcome. Asked once for each attempt: it counts. */
  readonly admits: (peer: NodeKey) => boolean;
  /** Whether this side is dialling that peer, and goes first. */
  readonly goesFirst: (peer: NodeKey) => boolean;
  /** A peer has begun to open a link to us. */
  readonly onSignalled: (peer: NodeKey) => void;
  /** Asks over this stream for the peers of the joined channels, until it ends or the signal fires. */
  readonly introduce: (stream: FrameStream, signal: AbortSignal) => Promise<void>;
}

export class Serverless {
  readonly invites: Invites;
  readonly #signalling: Signalling;
  readonly #naming: Naming;

  constructor(options: ServerlessOptions) {
    const { mesh, clock, random, log, endpoints, sign, maxPeers, mode, metered, introduce } = options;
    const { admits, goesFirst, onSignalled } = options;
    const willing = (): boolean => introduces(mode(), { metered: metered(), roundTrips: roundTripsOf(mesh) });
    this.invites = new Invites({ self: mesh.self, clock, log, endpoints, sign });
    const signalling = { mesh, clock, random, log, endpoints, sign, willing, admits, goesFirst, onSignalled };
    this.#signalling = new Signalling(signalling);
    this.#naming = new Naming({ mesh, clock, random, log, maxPeers, willing, introduce });
  }

  linked(peer: NodeKey): void {
    this.#naming.linked(peer);
  }

  unlinked(peer: NodeKey): void {
    this.#naming.unlinked(peer);
  }

  /** Of the peers that `by` names, those to believe; null when `by` is no neighbour but a relay. */
  heard(by: NodeKey, peers: readonly NodeKey[]): NodeKey[] | null {
    const believed = this.#naming.heard(by, peers);
    if (believed !== null) this.#signalling.named(by, believed);
    return believed;
  }

  isSignalling(peer: NodeKey): boolean {
    return this.#signalling.isSignalling(peer);
  }

  /** @throws MeshError `UNREACHABLE`, or the signal's reason */
  dial(peer: NodeKey, signal: AbortSignal): Promise<void> {
    return this.#signalling.dial(peer, signal);
  }

  serveSignal(stream: FrameStream): Promise<void> {
    return this.#signalling.serve(stream);
  }

  serveRendezvous(stream: FrameStream): Promise<void> {
    return this.#naming.serve(stream);
  }

  stop(): void {
    this.invites.stop();
    this.#signalling.stop();
    this.#naming.stop();
  }
}

function roundTripsOf(mesh: Pick<Mesh, "links">): number[] {
  return mesh.links().flatMap(({ direct, roundTrip }) => (direct && roundTrip !== null ? [roundTrip] : []));
}
