/**
 * Puts the budgets in front of gossipsub. The library decides about a message after it has marked it as seen, and says
 * nothing about frames that are none; what is dropped here is as if it had never come, and who sent it is known.
 *
 * The methods are private to the library's class. Its version is pinned, and tests with real nodes cover each of them.
 */
import type { GossipSub } from "@libp2p/gossipsub";
import type { PeerId } from "@libp2p/interface";
import { Uint8ArrayList } from "uint8arraylist";
import type { NodeKey } from "../wire/types.ts";
import type { Inbox } from "./budgets/index.ts";
import { nodeKeyOf } from "./keys.ts";

export interface GossipGuardOptions {
  readonly inbox: Inbox;
  /** Bytes of one message. */
  readonly maxMessage: number;
  isJoined(channel: string): boolean;
  /** `MALFORMED`, `FRAME_TOO_LARGE` */
  onMisdeed(peer: NodeKey, code: string): void;
}

interface GossipMessage {
  readonly topic: string;
  readonly data?: Uint8Array;
}

type Handle = (from: PeerId, message: GossipMessage) => Promise<void>;
type Decode = (bytes: Uint8Array) => unknown;
type Read = (from: PeerId, source: AsyncIterable<Uint8ArrayList>) => Promise<void>;

export function guardGossip(gossip: GossipSub, options: GossipGuardOptions): void {
  const senders = new WeakMap<Uint8Array, NodeKey>();
  const method = (name: string): unknown => {
    const found: unknown = Reflect.get(gossip, name);
    if (typeof found !== "function") throw new TypeError(`@libp2p/gossipsub has no ${name} any more.`);
    return found.bind(gossip);
  };

  const handle = method("handleReceivedMessage") as Handle;
  const guarded: Handle = async (from, message) => {
    const { inbox, isJoined, maxMessage, onMisdeed } = options;
    const peer = nodeKeyOf(from);
    if (peer === null) return;
    const size = message.data?.length ?? 0;
    if (size > maxMessage) {
      onMisdeed(peer, "FRAME_TOO_LARGE");
      return;
    }
    // Without a validator the library would take it for good and keep it for others.
    if (!isJoined(message.topic)) {
      inbox.drop(peer);
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const judge = (): Promise<void> => handle(from, message).then(resolve, reject);
      if (!inbox.offer(peer, size, judge)) resolve();
    });
  };
  Reflect.set(gossip, "handleReceivedMessage", guarded);

  const decode = method("decodeRpc") as Decode;
  const decodeFrom: Decode = (bytes) => {
    try {
      return decode(bytes);
    } catch (error) {
      const sender = senders.get(bytes);
      if (sender !== undefined) options.onMisdeed(sender, "MALFORMED");
      throw error;
    }
  };
  Reflect.set(gossip, "decodeRpc", decodeFrom);

  const read = method("pipePeerReadStream") as Read;
  const readFrom: Read = (from, source) => read(from, named(source, nodeKeyOf(from)));
  Reflect.set(gossip, "pipePeerReadStream", readFrom);

  /** The same frames, each in one piece that is remembered with its sender. */
  async function* named(source: AsyncIterable<Uint8ArrayList>, peer: NodeKey | null): AsyncGenerator<Uint8ArrayList> {
    try {
      for await (const frame of source) {
        const bytes = frame.subarray();
        if (peer !== null) senders.set(bytes, peer);
        // `subarray` of a list of one piece is that piece.
        yield new Uint8ArrayList(bytes);
      }
    } catch (error) {
      if (peer !== null && isPrefixFault(error)) options.onMisdeed(peer, "FRAME_TOO_LARGE");
      throw error;
    }
  }
}

/** What it-length-prefixed says of a length that is no length, or too large a one. */
function isPrefixFault(error: unknown): boolean {
  return error instanceof Error && /^InvalidData(Length){1,2}Error$|^InvalidMessageLengthError$/.test(error.name);
}
