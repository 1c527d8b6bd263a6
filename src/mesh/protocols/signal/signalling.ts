import { equalBytes, toHex, type NodeKey } from "../../../wire/index.ts";
import { BoundedMap } from "../../../social/index.ts";
import { MeshError } from "../../errors.ts";
import { verifyHalf, type Endpoints, type Sign } from "../../invite/index.ts";
import type { MeshLog } from "../../options.ts";
import type { FrameStream, Mesh } from "../../port.ts";
import type { Clock } from "../clock.ts";
import { misdeedOf, ProtocolError } from "../errors.ts";
import { PeerBudgets } from "../token-bucket.ts";
import { call } from "./caller.ts";
import { DIALLING_GRACE, SIGNAL_LIMITS, SIGNAL_PROTOCOL, type SignalLimits } from "./constants.ts";
import { SignalConversation, SignalRefused } from "./conversation.ts";
import { decodeSignal } from "./messages.ts";
import { Passer } from "./passer.ts";
import { Target } from "./target.ts";

export interface SignallingOptions {
  readonly mesh: Pick<Mesh, "self" | "peers" | "openStream" | "report">;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly log: MeshLog;
  readonly endpoints: Endpoints;
  readonly sign: Sign;
  /** Default: `verifyHalf`. A process of many peers on a clock of its own brings another. */
  readonly verify?: typeof verifyHalf;
  readonly limits?: Partial<SignalLimits>;
  /** Whether this peer introduces its neighbours to each other, now. */
  readonly willing: () => boolean;
  /** Whether a link to this peer is welcome. */
  readonly admits: (peer: NodeKey) => boolean;
  /** Whether this side is dialling that peer, and goes first. */
  readonly goesFirst: (peer: NodeKey) => boolean;
  /** A peer has begun to open a link to us. */
  readonly onSignalled: (peer: NodeKey) => void;
}

/** Peers of whom it is known which neighbours named them: as many as the maintainer remembers. */
const MAX_NAMED = 512;
/** Neighbours remembered for each; those that named it last. */
const MAX_NAMERS = 4;
/** Neighbours asked for one link; a no comes within a round trip. */
const MAX_ASKED = 4;

/** The three sides of /mehr/signal/1 at one peer: it calls, passes on, and answers. */
export class Signalling {
  readonly #options: SignallingOptions;
  readonly #limits: SignalLimits;
  readonly #passer: Passer;
  readonly #target: Target;
  /** By peer, the neighbours that named it; the last one first. */
  readonly #namers = new BoundedMap<string, readonly NodeKey[]>(MAX_NAMED);
  readonly #broken: PeerBudgets<"broken">;
  /** Peers that said that they are dialling us, until when that is believed. */
  readonly #expected = new Map<string, number>();
  readonly #stopped = new AbortController();

  constructor(options: SignallingOptions) {
    this.#options = options;
    this.#limits = { ...SIGNAL_LIMITS, ...options.limits };
    const { mesh, clock, endpoints, log, sign, verify = verifyHalf, willing, admits, goesFirst, onSignalled } = options;
    const limits = this.#limits;
    const { self } = mesh;
    this.#passer = new Passer({ mesh, clock, limits, willing });
    this.#target = new Target({ self, clock, endpoints, limits, log, sign, verify, admits, goesFirst, onSignalled });
    this.#broken = new PeerBudgets({ broken: limits.broken });
  }

  /** This neighbour says that it is linked to these peers. */
  named(by: NodeKey, peers: readonly NodeKey[]): void {
    const name = toHex(by);
    for (const peer of peers) {
      const known = this.#namers.get(toHex(peer)) ?? [];
      const others = known.filter((namer) => toHex(namer) !== name);
      this.#namers.set(toHex(peer), [by, ...others].slice(0, MAX_NAMERS));
    }
  }

  /** Whether this peer is opening a link to us, or said that it is about to. */
  isSignalling(peer: NodeKey): boolean {
    const until = this.#expected.get(toHex(peer));
    return this.#target.isAnswering(peer) || (until !== undefined && until > this.#options.clock.now());
  }

  /** Whether there is any neighbour to ask. */
  canDial(): boolean {
    return this.#options.mesh.peers().length > 0;
  }

  /**
   * Opens a direct link by way of a neighbour: one that named the peer, else any.
   * @throws MeshError `UNREACHABLE`, or the signal's reason
   */
  async dial(peer: NodeKey, signal: AbortSignal): Promise<void> {
    let last: unknown = null;
    const ended = AbortSignal.any([signal, this.#stopped.signal]);
    for (const neighbour of this.#ways(peer)) {
      try {
        return await this.#call(neighbour, peer, ended);
      } catch (error) {
        ended.throwIfAborted();
        last = error;
        if (error instanceof SignalRefused && error.code === "DIALLING") {
          this.#expect(peer);
          break;
        }
      }
    }
    throw new MeshError("UNREACHABLE", "No neighbour knows a way to this peer.", { cause: last });
  }

  /** Serves one stream. Errors abort it; the other side never sees their text. */
  async serve(stream: FrameStream): Promise<void> {
    const neighbour = new SignalConversation(stream, this.#options.clock);
    try {
      await this.#serve(neighbour);
    } catch (error) {
      if (error instanceof SignalRefused) {
        await neighbour.say({ kind: "refused", code: error.code });
        return;
      }
      const misdeed = misdeedOf(error);
      if (misdeed !== null) this.#options.mesh.report(stream.peer, misdeed);
      throw error;
    }
  }

  stop(): void {
    this.#stopped.abort(new MeshError("MESH_STOPPED", "The mesh has stopped."));
    this.#target.stop();
  }

  async #serve(neighbour: SignalConversation): Promise<void> {
    this.#stopped.signal.throwIfAborted();
    const frame = await neighbour.stream.read();
    if (frame === null) return;
    const message = decodeSignal(frame);
    if (message.kind === "ask") await this.#passer.pass(neighbour, message.to);
    else if (message.kind === "knock") await this.#target.answer(neighbour, message.from);
    else throw new ProtocolError("VIOLATION", `A stream that begins with a message of kind ${message.kind}.`);
  }

  /** The neighbours worth asking: those that named the peer first, chance among the others. */
  #ways(peer: NodeKey): NodeKey[] {
    const { mesh, clock, random } = this.#options;
    const now = clock.now();
    // The peer itself may have become a neighbour since: it would take being asked for itself for a breach.
    const usable = mesh
      .peers()
      .filter((neighbour) => !equalBytes(neighbour, peer) && this.#broken.of(neighbour, now).broken.has(1, now));
    const order = (this.#namers.get(toHex(peer)) ?? []).map(toHex);
    return usable
      .map((neighbour) => ({ neighbour, rank: order.indexOf(toHex(neighbour)), draw: random() }))
      .toSorted((a, b) => rankOf(a.rank) - rankOf(b.rank) || a.draw - b.draw)
      .slice(0, MAX_ASKED)
      .map(({ neighbour }) => neighbour);
  }

  async #call(neighbour: NodeKey, peer: NodeKey, signal: AbortSignal): Promise<void> {
    const { mesh, clock, endpoints, log, sign, verify = verifyHalf } = this.#options;
    const stream = await mesh.openStream(neighbour, SIGNAL_PROTOCOL, { signal });
    let ready = false;
    const onReady = (): void => {
      ready = true;
    };
    try {
      await call(stream, peer, { self: mesh.self, clock, endpoints, sign, verify, onReady }, signal);
    } catch (error) {
      if (ready && !signal.aborted) this.#broken.of(neighbour, clock.now()).broken.spend(1, clock.now());
      const misdeed = misdeedOf(error);
      if (misdeed !== null) mesh.report(neighbour, misdeed);
      stream.abort(error instanceof Error ? error : new Error(String(error)));
      throw error;
    }
    stream.close().catch((error: unknown) => log("debug", "stream_failed", { protocol: SIGNAL_PROTOCOL, error }));
  }

  #expect(peer: NodeKey): void {
    const now = this.#options.clock.now();
    for (const [text, until] of this.#expected) if (until <= now) this.#expected.delete(text);
    this.#expected.set(toHex(peer), now + DIALLING_GRACE);
  }
}

function rankOf(index: number): number {
  return index === -1 ? MAX_NAMERS : index;
}
