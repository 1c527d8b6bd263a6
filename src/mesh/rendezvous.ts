/** A peer's end of `/mehr/rendezvous/1`: keeps the registration of its channels alive and passes on whom it is told of. */
import type { NodeKey } from "../wire/index.ts";
import { equalBytes, toHex } from "../wire/index.ts";
import { MeshError } from "./errors.ts";
import type { FrameStream } from "./port.ts";
import type { Clock } from "./protocols/clock.ts";
import type { Introduction } from "./rendezvous-messages.ts";
import {
  RENDEZVOUS_LIMITS,
  RendezvousRefused,
  channelHash,
  decodeServerFrame,
  encodeClientFrame,
} from "./rendezvous-messages.ts";

export { RENDEZVOUS_LIMITS, RENDEZVOUS_PROTOCOL, RendezvousRefused, channelHash } from "./rendezvous-messages.ts";

/** The relay grants one registration every two seconds after a burst of ten; changes of mind in between travel together. */
const REGISTRATION_INTERVAL = 2_000;

export interface RendezvousClientOptions {
  readonly self: NodeKey;
  readonly clock: Clock;
  /** Peers of a channel that this client registered; never `self`. They may have left since, or never have been there. */
  onPeers(channel: string, peers: NodeKey[]): void;
}

/**
 * ```ts
 * const client = new RendezvousClient(stream, { self, clock, onPeers });
 * client.setChannels(["mehr/1/g/cyberspace/commons"]);
 * await client.run(signal); // until the stream ends
 * ```
 */
export class RendezvousClient {
  readonly #stream: FrameStream;
  readonly #options: RendezvousClientOptions;
  /** By the text of the channel's hash: the channel. */
  #channels = new Map<string, { readonly name: string; readonly hash: Uint8Array }>();
  #cancelRegistration: (() => void) | null = null;
  #registeredAt = Number.NEGATIVE_INFINITY;
  #running: { fail(error: unknown): void } | null = null;

  constructor(stream: FrameStream, options: RendezvousClientOptions) {
    this.#stream = stream;
    this.#options = options;
  }

  /** Replaces the channels for which peers are wanted. Beyond the protocol's limit the first ones count. */
  setChannels(channels: readonly string[]): void {
    const named = channels.slice(0, RENDEZVOUS_LIMITS.maxChannels).map((name) => {
      const hash = channelHash(name);
      return [toHex(hash), { name, hash }] as const;
    });
    this.#channels = new Map(named);
    this.refresh();
  }

  /** Asks for peers once more, soon; several calls make one request. */
  refresh(): void {
    const soonest = this.#registeredAt + REGISTRATION_INTERVAL;
    this.#registerIn(Math.max(0, soonest - this.#options.clock.now()));
  }

  /**
   * Serves the stream until the relay ends it or `signal` fires, which both resolve; the stream is closed then.
   * @throws RendezvousRefused when the relay does not serve this peer
   * @throws ProtocolError `MALFORMED` for a frame that is none
   * @throws MeshError what the stream throws
   */
  async run(signal?: AbortSignal): Promise<void> {
    const failed = new Promise<never>((_, reject) => {
      this.#running = { fail: reject };
    });
    this.refresh();
    try {
      await Promise.race([this.#read(signal), failed]);
      await this.#stream.close();
    } catch (error) {
      if (signal?.aborted === true) {
        await this.#stream.close();
        return;
      }
      this.#stream.abort(error instanceof Error ? error : new MeshError("STREAM_RESET", String(error)));
      throw error;
    } finally {
      this.#running = null;
      this.#cancelRegistration?.();
      this.#cancelRegistration = null;
    }
  }

  async #read(signal: AbortSignal | undefined): Promise<void> {
    const options = signal === undefined ? {} : { signal };
    for (let bytes = await this.#stream.read(options); bytes !== null; bytes = await this.#stream.read(options)) {
      const frame = decodeServerFrame(bytes);
      if (frame.type === "refuse") throw new RendezvousRefused(frame.code);
      if (frame.type === "answer") {
        const ttl = Math.min(Math.max(frame.ttl, RENDEZVOUS_LIMITS.minTtl), RENDEZVOUS_LIMITS.maxTtl);
        this.#registerIn(ttl / 2, { unlessSooner: true });
      }
      for (const introduction of frame.introductions) this.#tell(introduction);
    }
  }

  #tell(introduction: Introduction): void {
    const channel = this.#channels.get(toHex(introduction.channel));
    if (channel === undefined) return;
    const peers = introduction.peers.filter((peer) => !equalBytes(peer, this.#options.self));
    if (peers.length > 0) this.#options.onPeers(channel.name, peers);
  }

  #registerIn(wait: number, { unlessSooner = false } = {}): void {
    if (this.#running === null) return;
    if (unlessSooner && this.#cancelRegistration !== null) return;
    this.#cancelRegistration?.();
    this.#cancelRegistration = this.#options.clock.after(wait, () => {
      this.#cancelRegistration = null;
      this.#register().catch((error: unknown) => this.#running?.fail(error));
    });
  }

  async #register(): Promise<void> {
    this.#registeredAt = this.#options.clock.now();
    const channels = [...this.#channels.values()].map(({ hash }) => hash);
    await this.#stream.write(encodeClientFrame({ type: "register", ttl: RENDEZVOUS_LIMITS.maxTtl, channels }));
  }
}
