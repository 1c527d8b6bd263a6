/** A libp2p node that follows no rules but those it needs to be let in, against the real mesh over loopback. */
import { createServer, type AddressInfo } from "node:net";
import { generateKeyPair } from "@libp2p/crypto/keys";
import { identify } from "@libp2p/identify";
import type { Connection, Libp2p, Stream } from "@libp2p/interface";
import { noise } from "@libp2p/noise";
import { webSockets } from "@libp2p/websockets";
import { yamux } from "@libp2p/yamux";
import { multiaddr } from "@multiformats/multiaddr";
import { createLibp2p } from "libp2p";
import { createMesh, type Mesh, type MeshOptions } from "../../src/mesh/index.ts";
import type { NodeKey } from "../../src/wire/index.ts";
import { SeededRandom } from "../sim/random.ts";

export const GOSSIP = "/meshsub/1.2.0";
const random = new SeededRandom(41);

export interface Victim {
  readonly mesh: Mesh;
  readonly address: string;
}

export interface Attacker {
  readonly key: NodeKey;
  readonly connection: Connection;
  /** Answers what the victim asks. */
  handle(protocol: string, handler: (stream: Stream) => void): Promise<void>;
  stop(): Promise<void>;
}

/** A whole mesh that listens on loopback; somewhere else when another process was faster to take the port. */
export async function startVictim(options: Partial<MeshOptions> = {}): Promise<Victim> {
  for (let tries = 1; ; tries++) {
    try {
      return await listening(options);
    } catch (error) {
      if (tries === 5 || !String(error).includes("EADDRINUSE")) throw error;
    }
  }
}

async function listening(options: Partial<MeshOptions>): Promise<Victim> {
  const address = `/ip4/127.0.0.1/tcp/${await freePort()}/ws`;
  const mesh = await createMesh({
    seed: random.bytes(32),
    relays: [],
    policy: { allowLocal: true },
    random: () => random.next(),
    limits: { targetPeers: 0, channelPeers: 0 },
    network: { transports: [webSockets()], listen: [address], addressesOf: () => [] },
    ...options,
  });
  await mesh.start();
  return { mesh, address };
}

export async function attack({ address }: Victim): Promise<Attacker> {
  const privateKey = await generateKeyPair("Ed25519");
  const node: Libp2p = await createLibp2p({
    privateKey,
    addresses: { listen: [] },
    transports: [webSockets()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux({ maxOutboundStreams: 10_000 })],
    connectionGater: { denyDialMultiaddr: () => false },
    services: { identify: identify() },
  });
  // What it says that it speaks decides what is spoken to it.
  await node.handle(GOSSIP, () => undefined);
  const connection = await node.dial(multiaddr(address));
  return {
    key: privateKey.publicKey.raw,
    connection,
    handle: (protocol, handler) => node.handle(protocol, handler),
    stop: async () => await node.stop(),
  };
}

/** A stream of gossip to which anything may be written; resolves once the victim takes this peer for a neighbour. */
export function gossipStream(attacker: Attacker): Promise<Stream> {
  return attacker.connection.newStream(GOSSIP);
}

/** A frame as gossipsub has them: its length, then its bytes. */
export function frame(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from([...varint(bytes.length), ...bytes]);
}

/** The protobuf of an RPC with these messages on one channel. */
export function rpcOf(channel: string, messages: readonly Uint8Array[]): Uint8Array {
  const topic = new TextEncoder().encode(channel);
  const encoded = messages.map((data) => field(2, Uint8Array.from([...field(2, data), ...field(4, topic)])));
  return Uint8Array.from(encoded.flatMap((bytes) => [...bytes]));
}

export function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest & 0x7f) | 0x80);
  return [...bytes, rest];
}

function field(number: number, bytes: Uint8Array): number[] {
  return [(number << 3) | 2, ...varint(bytes.length), ...bytes];
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
