/** Gossip channels: gossipsub without signatures of its own, since every object that is gossiped carries its author's. */
import { gossipsub, TopicValidatorResult, type GossipSub, type GossipSubComponents } from "@libp2p/gossipsub";
import type { PeerId } from "@libp2p/interface";
import { blake3 } from "../hash/index.ts";
import { concatBytes } from "../wire/bytes.ts";
import type { NodeKey } from "../wire/types.ts";
import type { Inbox } from "./budgets/index.ts";
import { guardGossip } from "./gossip-guard.ts";
import { nodeKeyFromText, nodeKeyOf } from "./keys.ts";
import type { MeshLimits, MeshLog } from "./options.ts";
import type { Verdict } from "./port.ts";

/** The versions that the library speaks, without floodsub. */
export const GOSSIP_PROTOCOLS = ["/meshsub/1.2.0", "/meshsub/1.1.0", "/meshsub/1.0.0"] as const;

export type ChannelHandler = (message: { channel: string; bytes: Uint8Array; from: NodeKey }) => Promise<Verdict>;

export interface ChannelsOptions {
  readonly limits: MeshLimits;
  readonly log: MeshLog;
  readonly inbox: Inbox;
  /** Points of the peer's misdeeds. */
  points(peer: NodeKey): number;
  /** What this peer sent is no gossip. */
  onMisdeed(peer: NodeKey, code: string): void;
  onChanged(): void;
}

/** IHAVE lists are the largest frames: 5,000 ids of 34 bytes, by the library's own limit. */
const MAX_RPC_BYTES = 262_144;
/** At about 1 KiB a topic this is room for 250 channels of one peer. */
const MAX_TOPIC_BYTES = 262_144;
/** One misdeed stops gossip about messages, five stop sending own ones, eight stop listening; ten ban (misdeeds.ts). */
const POINT_WEIGHT = 10;
/** Bytes that wait for a neighbour that does not take them; then its stream is reset. Four seconds at its budget. */
const MAX_UNSENT = 1_048_576;
/**
 * Of one frame. The library's 5,000 of each would be work for a second. A channel carries 100 messages a second at most
 * (budgets/limits.ts) and is announced for three, so honest lists have 300 ids; a peer is on 250 channels at most.
 */
const DECODE_LIMITS = {
  maxSubscriptions: 512,
  maxMessages: 512,
  maxIhaveMessageIDs: 1_024,
  maxIwantMessageIDs: 1_024,
  maxIdontwantMessageIDs: 512,
  maxControlMessages: 512,
  maxPeerInfos: 16,
};

const UTF8 = new TextEncoder();

export class Channels {
  readonly #options: ChannelsOptions;
  readonly #joined = new Set<string>();
  #gossip: GossipSub | null = null;
  #running = false;
  #handler: ChannelHandler | null = null;

  constructor(options: ChannelsOptions) {
    this.#options = options;
  }

  /** The libp2p service. */
  readonly service = (components: GossipSubComponents): GossipSub => {
    const { limits } = this.#options;
    const gossip = gossipsub({
      globalSignaturePolicy: "StrictNoSign",
      // What opens several channels goes the same way on each of them.
      msgIdFn: ({ data, topic }) => blake3(concatBytes(UTF8.encode(`${topic}\0`), data)),
      // An own message goes to every neighbour of the channel: in a small mesh that is delivery at once.
      floodPublish: true,
      fallbackToFloodsub: false,
      emitSelf: false,
      // Peers are found by the maintainer; what strangers say about addresses is not dialled.
      doPX: false,
      // Links are the maintainer's; libp2p's pruner does not decide about them.
      tagMeshPeers: false,
      // A message that nobody got must not count as seen, or the outbox could not send it later.
      allowPublishToZeroTopicPeers: false,
      ignoreDuplicatePublishError: true,
      runOnLimitedConnection: false,
      maxInboundDataLength: MAX_RPC_BYTES,
      maxTopicBytesPerPeer: MAX_TOPIC_BYTES,
      maxInboundStreams: 2,
      maxOutboundStreams: 2,
      scoreParams: {
        // Channels come and go and most are quiet, so rates of delivery say nothing about a peer here; what counts is
        // what it has done wrong, in gossip or elsewhere (P5, by our own verdicts: misdeeds.ts), and breaking the router's
        // own rules (P7, default). Invalid messages by topic (P4) would count the same misdeeds a second time.
        topics: {},
        appSpecificScore: (peer) => this.#score(peer),
        appSpecificWeight: POINT_WEIGHT,
        // Browsers do not learn each other's addresses reliably, and a household shares one.
        IPColocationFactorWeight: 0,
      },
      scoreThresholds: { gossipThreshold: -10, publishThreshold: -50, graylistThreshold: -80 },
      maxOutboundBufferSize: MAX_UNSENT,
      decodeRpcLimits: DECODE_LIMITS,
    })(components);
    guardGossip(gossip, {
      inbox: this.#options.inbox,
      maxMessage: limits.maxGossipBytes,
      isJoined: (channel) => this.#joined.has(channel),
      onMisdeed: (peer, code) => this.#options.onMisdeed(peer, code),
    });
    gossip.addEventListener("subscription-change", () => this.#options.onChanged());
    this.#gossip = gossip;
    return gossip;
  };

  setHandler(handler: ChannelHandler): void {
    this.#handler = handler;
  }

  join(channel: string): void {
    if (this.#joined.has(channel)) {
      return;
    }
    this.#joined.add(channel);
    this.#subscribe(channel);
    this.#options.onChanged();
  }

  leave(channel: string): void {
    if (!this.#joined.delete(channel)) {
      return;
    }
    if (this.#running) {
      this.#gossip?.unsubscribe(channel);
    }
    this.#gossip?.topicValidators.delete(channel);
    this.#options.onChanged();
  }

  /** The router takes subscriptions only once it runs. */
  started(): void {
    this.#running = true;
    for (const channel of this.#joined) {
      this.#subscribe(channel);
    }
  }

  stopped(): void {
    this.#running = false;
    this.#gossip = null;
  }

  joined(): string[] {
    return [...this.#joined];
  }

  peers(channel: string): NodeKey[] {
    const peers = this.#gossip?.getSubscribers(channel) ?? [];
    return peers.map(nodeKeyOf).filter((key) => key !== null);
  }

  /** Those in whose mesh this peer is, and they in its own. */
  eagerPeers(channel: string): NodeKey[] {
    if (this.#gossip === null) return [];
    return meshOf(this.#gossip, channel)
      .map(nodeKeyFromText)
      .filter((key) => key !== null);
  }

  /** @returns the peers that the message was handed to; none when it was published a short while ago. */
  async publish(channel: string, bytes: Uint8Array): Promise<NodeKey[]> {
    if (this.#gossip === null || !this.#running) {
      return [];
    }
    if (!this.#canSend(this.#gossip, channel)) {
      return [];
    }
    try {
      const { recipients } = await this.#gossip.publish(channel, bytes);
      return recipients.map(nodeKeyOf).filter((key) => key !== null);
    } catch (error) {
      if (error instanceof Error && error.message === "PublishError.NoPeersSubscribedToTopic") {
        return [];
      }
      throw error;
    }
  }

  /**
   * Whether there is a stream to anybody in the channel. A neighbour's subscription may come before our stream to it is
   * open; published then, a message would go to nobody and be taken for a duplicate for the next two minutes.
   */
  #canSend(gossip: GossipSub, channel: string): boolean {
    return gossip.getSubscribers(channel).some((peer) => hasStream(gossip, peer));
  }

  #subscribe(channel: string): void {
    const gossip = this.#gossip;
    if (gossip === null || !this.#running) {
      return;
    }
    gossip.topicValidators.set(channel, async (peer, message) => {
      const from = nodeKeyOf(peer);
      return VERDICTS[from === null ? "reject" : await this.#judge(channel, message.data, from)];
    });
    gossip.subscribe(channel);
  }

  async #judge(channel: string, bytes: Uint8Array, from: NodeKey): Promise<Verdict> {
    if (this.#handler === null) {
      return "ignore";
    }
    try {
      const verdict = await this.#handler({ channel, bytes, from });
      if (verdict === "accept") {
        this.#options.inbox.accepted();
      }
      return verdict;
    } catch (error) {
      // A fault of ours is no fault of the sender.
      this.#options.log("warn", "channel_handler_failed", { error });
      return "ignore";
    }
  }

  #score(peer: string): number {
    const node = nodeKeyFromText(peer);
    return node === null ? 0 : -Math.floor(this.#options.points(node));
  }
}

const VERDICTS: Readonly<Record<Verdict, TopicValidatorResult>> = {
  accept: TopicValidatorResult.Accept,
  ignore: TopicValidatorResult.Ignore,
  reject: TopicValidatorResult.Reject,
};

/** The library's class tells its mesh, its interface does not; the version is pinned and a test with real nodes asks for it. */
function meshOf(gossip: GossipSub, channel: string): readonly string[] {
  const tell: unknown = Reflect.get(gossip, "getMeshPeers");
  if (typeof tell !== "function") throw new TypeError("@libp2p/gossipsub does not tell its mesh any more.");
  return tell.call(gossip, channel) as readonly string[];
}

/** The library's class has the streams, its interface does not; the version is pinned and tests publish through this. */
function hasStream(gossip: GossipSub, peer: PeerId): boolean {
  const streams: unknown = Reflect.get(gossip, "streamsOutbound");
  if (!(streams instanceof Map)) throw new TypeError("@libp2p/gossipsub has no outbound streams of the known form.");
  return streams.has(peer.toString());
}
