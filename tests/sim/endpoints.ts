/** Ends of WebRTC connections in a simulated network: a description stands for an end, and connecting makes a link. */
import {
  InviteError,
  type AnswerEnd,
  type Endpoints,
  type OfferEnd,
  type Session,
} from "../../src/mesh/invite/index.ts";
import { abortable, pause } from "../../src/mesh/protocols/index.ts";
import { equalBytes, toHex, type NodeKey } from "../../src/wire/index.ts";
import type { SimMesh } from "./mesh.ts";
import type { SimNetwork } from "./network.ts";

/** An end that exists; found by its credentials, as ICE finds it. */
interface SimEnd {
  readonly mesh: SimMesh;
  readonly session: Session;
  closed: boolean;
  /** Of an answer: the offer that it was made for, and who waits for the link. */
  readonly offer: Session | null;
  waiting: { readonly peer: NodeKey; linked(): void } | null;
}

export class SimEndpoints {
  readonly #network: SimNetwork;
  readonly #ends = new Map<string, SimEnd>();
  /** Ends made so far, by peer in hex. */
  readonly made = new Map<string, number>();

  constructor(network: SimNetwork) {
    this.#network = network;
  }

  /** Ends that are neither closed nor links. */
  get open(): number {
    return this.#ends.size;
  }

  of(mesh: SimMesh): Endpoints {
    return {
      offer: async (signal) => this.#offer(await this.#make(mesh, null, signal)),
      answer: async (offer, signal) => this.#answer(await this.#make(mesh, offer, signal)),
    };
  }

  async #make(mesh: SimMesh, offer: Session | null, signal: AbortSignal | undefined): Promise<SimEnd> {
    // Gathering candidates on a host without STUN.
    await pause(this.#network.clock, 100, signal);
    if (!mesh.running) throw new InviteError("INVITE_FAILED", "The page is gone.");
    const { random } = this.#network;
    const session: Session = {
      ufrag: toHex(random.bytes(4)),
      pwd: toHex(random.bytes(12)),
      fingerprint: random.bytes(32),
      setup: offer === null ? "actpass" : "active",
      mid: "0",
      sctpPort: 5_000,
      maxMessageSize: 262_144,
      candidates: [{ type: "host", address: `10.0.0.${random.below(256)}`, port: 40_000, priority: 1 }],
    };
    const end: SimEnd = { mesh, session, offer, closed: false, waiting: null };
    this.#ends.set(session.ufrag, end);
    const self = toHex(mesh.self);
    this.made.set(self, (this.made.get(self) ?? 0) + 1);
    return end;
  }

  #offer(end: SimEnd): OfferEnd {
    return {
      session: end.session,
      close: () => this.#close(end),
      connect: async (peer, answer, signal) => {
        const other = await this.#find(end, answer, signal);
        this.#network.connect(end.mesh, other.mesh);
        this.#ends.delete(end.session.ufrag);
        this.#ends.delete(other.session.ufrag);
        other.waiting?.linked();
        if (!equalBytes(other.mesh.self, peer)) throw new Error("an answer in somebody else's name");
      },
    };
  }

  #answer(end: SimEnd): AnswerEnd {
    return {
      session: end.session,
      close: () => this.#close(end),
      connect: (peer, signal) =>
        abortable(new Promise<void>((resolve) => (end.waiting = { peer, linked: resolve })), signal),
    };
  }

  /** ICE needs the credentials of a living end that knows ours, DTLS the certificate that was promised. */
  async #find(end: SimEnd, answer: Session, signal: AbortSignal): Promise<SimEnd> {
    const { clock } = this.#network;
    for (;;) {
      const other = this.#ends.get(answer.ufrag);
      if (end.closed) throw new InviteError("INVITE_FAILED", "closed");
      if (
        other !== undefined &&
        other.waiting !== null &&
        other.offer?.pwd === end.session.pwd &&
        equalBytes(other.session.fingerprint, answer.fingerprint) &&
        equalBytes(other.offer.fingerprint, end.session.fingerprint) &&
        this.#network.reachable(end.mesh, other.mesh)
      ) {
        return other;
      }
      await pause(clock, 100, signal);
    }
  }

  #close(end: SimEnd): void {
    end.closed = true;
    if (this.#ends.get(end.session.ufrag) === end) this.#ends.delete(end.session.ufrag);
  }
}
