/**
 * A peer that does what it likes: libp2p's connection, encryption and multiplexing, and above them bytes that are written by
 * hand. The same code runs in Node and in a browser's worker.
 */
import { generateKeyPairFromSeed } from "@libp2p/crypto/keys";
import type { Connection, Libp2p, PeerId, Stream } from "@libp2p/interface";
import { createNode } from "../../src/mesh/libp2p.ts";
import { circuitAddress, peerIdOf, relayAddress } from "../../src/mesh/keys.ts";
import type { DirectNetwork } from "../../src/mesh/options.ts";
import { createSigner, type NodeKey, type Signer } from "../../src/wire/index.ts";
import { framed, gossip } from "./wire.ts";

const GOSSIP = "/meshsub/1.1.0";
const STORE = "/mehr/store/1";
/** Longer than any wait of a victim that has more to do than usual. */
const PATIENCE = 30_000;

const DIALS = 5;
const DIAL_TIMEOUT = 12_000;

export interface AttackerOptions {
  readonly seed: Uint8Array;
  /** Instead of relays and WebRTC. */
  readonly network?: DirectNetwork;
}

export class Attacker {
  readonly key: NodeKey;
  readonly signer: Signer;
  readonly node: Libp2p;
  /** What it serves over /mehr/store/1, whatever it is asked for; `null` answers nothing at all. */
  serve: ((frame: Uint8Array) => Uint8Array | null) | null = null;
  #connection: Connection | null = null;
  #gossip: Stream | null = null;

  private constructor(node: Libp2p, signer: Signer) {
    this.node = node;
    this.signer = signer;
    this.key = signer.publicKey;
  }

  static async create({ network, seed }: AttackerOptions): Promise<Attacker> {
    const parts = await createNode({
      privateKey: await generateKeyPairFromSeed("Ed25519", seed),
      iceServers: [],
      // It lets anybody in and dials whom it likes; libp2p in a browser would not dial this machine.
      gater: { denyDialMultiaddr: () => false },
      network,
      isRelayAddress: (address) => !address.includes("/p2p-circuit"),
      // What it gossips it writes itself.
      gossip: () => ({}) as ReturnType<Parameters<typeof createNode>[0]["gossip"]>,
    });
    const attacker = new Attacker(parts.node, await createSigner(seed));
    await parts.node.start();
    // So that its victims believe that they can gossip with it, and ask it for posts.
    await parts.node.handle(GOSSIP, (stream) => drain(stream));
    await parts.node.handle(STORE, (stream) => attacker.#answer(stream));
    return attacker;
  }

  /** Links to a victim: through a relay and WebRTC. */
  async reachThrough(relay: string, victim: NodeKey): Promise<void> {
    const connection = await this.node.dial(relayAddress(relay), { signal: AbortSignal.timeout(PATIENCE) });
    const address = circuitAddress(connection.remotePeer, peerIdOf(victim));
    // A dial that ICE has lost its way in is given up sooner than libp2p does, and tried again.
    for (let left = DIALS; left > 0; left--) {
      try {
        await this.#dial(address, DIAL_TIMEOUT);
        return;
      } catch (error) {
        if (left === 1) throw error;
      }
    }
  }

  /** Links to a victim that listens somewhere. */
  async reach(address: Parameters<Libp2p["dial"]>[0]): Promise<void> {
    await this.#dial(address);
  }

  async #dial(address: Parameters<Libp2p["dial"]>[0], patience = PATIENCE): Promise<void> {
    this.#connection = await this.node.dial(address, { signal: AbortSignal.timeout(patience) });
  }

  get peerId(): PeerId {
    return this.node.peerId;
  }

  /** Whether the victim has not hung up yet. */
  get linked(): boolean {
    return this.#connection?.status === "open";
  }

  /** A stream of any protocol, or nothing when the victim lets it open none. */
  async open(protocol: string): Promise<Stream | null> {
    try {
      const options = { maxOutboundStreams: 10_000, signal: AbortSignal.timeout(PATIENCE) };
      return (await this.#connection?.newStream(protocol, options)) ?? null;
    } catch {
      // Refused, reset or cut off: that is what the test is about, and it looks at the victim.
      return null;
    }
  }

  /** Opens a stream of a protocol and writes these bytes into it as they are. */
  async pour(protocol: string, ...pieces: readonly Uint8Array[]): Promise<Stream | null> {
    const stream = await this.open(protocol);
    if (stream === null) return null;
    drain(stream);
    for (const piece of pieces) if (!(await send(stream, piece))) break;
    return stream;
  }

  /** Says that it listens to a channel. */
  async join(channel: string): Promise<void> {
    this.#gossip ??= await this.open(GOSSIP);
    if (this.#gossip !== null) await send(this.#gossip, framed(gossip.subscribe(channel)));
  }

  /** Messages on a channel, as many to a frame as told; resolves with whether the victim has taken all of them. */
  async gossip(channel: string, messages: readonly Uint8Array[], toAFrame = 16): Promise<boolean> {
    this.#gossip ??= await this.open(GOSSIP);
    for (let at = 0; at < messages.length; at += toAFrame) {
      const frame = framed(gossip.publish(channel, messages.slice(at, at + toAFrame)));
      if (this.#gossip === null || !(await send(this.#gossip, frame))) return false;
    }
    return true;
  }

  /** Anything else that the router of the victim may be told. */
  async tellRouter(rpc: Uint8Array): Promise<void> {
    this.#gossip ??= await this.open(GOSSIP);
    if (this.#gossip !== null) await send(this.#gossip, framed(rpc));
  }

  async stop(): Promise<void> {
    await this.node.stop();
  }

  #answer(stream: Stream): void {
    stream.addEventListener("message", (event) => {
      // A question fits one message, and its prefix is one byte long.
      const answer = this.serve?.(event.data.subarray().slice(1)) ?? null;
      if (answer !== null) void send(stream, framed(answer));
    });
  }
}

/** Reads and forgets, so that the other side is never held up. */
function drain(stream: Stream): void {
  stream.addEventListener("message", () => undefined);
}

/** Whether the bytes went out: not when the victim has ended the stream. Waits for room, as the transport needs it. */
export async function send(stream: Stream, bytes: Uint8Array): Promise<boolean> {
  if (stream.status !== "open") return false;
  try {
    if (stream.send(bytes)) return true;
  } catch {
    // Reset meanwhile.
    return false;
  }
  return await new Promise<boolean>((resolve) => {
    stream.addEventListener("drain", () => resolve(true), { once: true });
    stream.addEventListener("close", () => resolve(false), { once: true });
    setTimeout(() => resolve(false), PATIENCE);
  });
}
