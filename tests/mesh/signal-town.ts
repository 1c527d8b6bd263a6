/** Peers on a simulated network that introduce each other, and streams on which a test plays one side by hand. */
import type { Half, Session } from "../../src/mesh/invite/index.ts";
import { signHalf } from "../../src/mesh/invite/index.ts";
import { MeshError, type FrameStream } from "../../src/mesh/index.ts";
import {
  decodeSignal,
  encodeSignal,
  SIGNAL_PROTOCOL,
  Signalling,
  type SignalLimits,
  type SignalMessage,
} from "../../src/mesh/protocols/signal/index.ts";
import { createSigner, type Signer } from "../../src/wire/index.ts";
import { VirtualClock } from "../sim/clock.ts";
import type { SimMesh } from "../sim/mesh.ts";
import { SimNetwork } from "../sim/network.ts";

export interface Neighbour {
  readonly mesh: SimMesh;
  readonly signer: Signer;
  readonly signalling: Signalling;
  /** What this peer answers when it is asked; changed by tests. */
  readonly mind: { willing: boolean; admits: boolean; goesFirst: boolean };
  /** Who has begun to open a link to it. */
  readonly signalled: Uint8Array[];
}

export class SignalTown {
  readonly clock = new VirtualClock();
  readonly network = new SimNetwork({ clock: this.clock, seed: 11 });
  #people = 0;

  async arrive(limits: Partial<SignalLimits> = {}): Promise<Neighbour> {
    this.#people += 1;
    const { clock, network } = this;
    const signer = await createSigner(new Uint8Array(32).fill(this.#people));
    const sign = (message: Uint8Array): Promise<Uint8Array> => clock.track(signer.sign(message));
    const mesh = network.createMesh(signer.publicKey, sign);
    await mesh.start();
    const mind = { willing: true, admits: true, goesFirst: false };
    const signalled: Uint8Array[] = [];
    const signalling = new Signalling({
      mesh,
      clock,
      random: () => network.random.next(),
      log: () => undefined,
      endpoints: mesh.endpoints,
      sign,
      verify: network.verifyHalf,
      limits,
      willing: () => mind.willing,
      admits: () => mind.admits,
      goesFirst: () => mind.goesFirst,
      onSignalled: (peer) => signalled.push(peer),
    });
    mesh.handle(SIGNAL_PROTOCOL, (stream) => signalling.serve(stream));
    return { mesh, signer, signalling, mind, signalled };
  }

  /** What a call gives, while virtual time goes on. */
  async soon<Value>(call: Promise<Value>): Promise<Value> {
    let settled = false;
    const result = call.finally(() => (settled = true));
    result.catch(() => undefined);
    await this.clock.until(() => settled);
    return await result;
  }

  /** The reason of a failed dial: what the last neighbour that was asked said. */
  async refusal(by: Neighbour, to: Uint8Array): Promise<string> {
    try {
      await this.soon(by.signalling.dial(to, new AbortController().signal));
    } catch (error) {
      if (!(error instanceof MeshError)) throw error;
      const { cause } = error;
      return cause instanceof Error && "code" in cause ? String(cause.code) : `${error.code}: ${String(cause)}`;
    }
    return "LINKED";
  }

  /** A stream of the protocol on which the test plays the opening side. */
  async line(from: Neighbour, to: Neighbour): Promise<Line> {
    return new Line(this, await this.soon(from.mesh.openStream(to.mesh.self, SIGNAL_PROTOCOL)));
  }

  /** From now on the test plays this peer's side of streams that others open. */
  play(who: Neighbour, script: (line: Line) => Promise<void>): void {
    who.mesh.handle(SIGNAL_PROTOCOL, (stream) => script(new Line(this, stream)));
  }
}

/** One stream, message by message. */
export class Line {
  readonly stream: FrameStream;
  readonly #town: SignalTown;

  constructor(town: SignalTown, stream: FrameStream) {
    this.#town = town;
    this.stream = stream;
  }

  say(message: SignalMessage): Promise<void> {
    return this.stream.write(encodeSignal(message));
  }

  /** The next message; null at the end of the stream. For scripts, which run inside virtual time. */
  async hear(): Promise<SignalMessage | null> {
    const frame = await this.stream.read();
    return frame === null ? null : decodeSignal(frame);
  }

  /** The same for the test itself, which moves time; a stream that was cut off is "reset". */
  async next(): Promise<SignalMessage | null | "reset"> {
    try {
      return await this.#town.soon(this.hear());
    } catch (error) {
      if (error instanceof MeshError && error.code === "STREAM_RESET") return "reset";
      throw error;
    }
  }
}

export async function signed(half: Half, signer: Signer): Promise<Uint8Array> {
  return await signHalf(half, (message) => signer.sign(message));
}

/** A session that no end stands behind. */
export function someSession(setup: Session["setup"]): Session {
  return {
    ufrag: "none",
    pwd: "p".repeat(24),
    fingerprint: new Uint8Array(32).fill(7),
    setup,
    mid: "0",
    sctpPort: 5_000,
    maxMessageSize: 262_144,
    candidates: [],
  };
}
