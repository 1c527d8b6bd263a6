/** The rendezvous with every relay and every neighbour: for which channels this peer wants neighbours, and who is named. */
import type { NodeKey } from "../wire/index.ts";
import type { FrameStream } from "./port.ts";
import type { Clock } from "./protocols/clock.ts";
import { RendezvousClient } from "./rendezvous.ts";

export interface IntroductionsOptions {
  readonly self: NodeKey;
  readonly clock: Clock;
  channels(): readonly string[];
  /** `by`: the relay or the neighbour that named them. */
  onPeers(channel: string, peers: NodeKey[], by: NodeKey): void;
}

export class Introductions {
  readonly #options: IntroductionsOptions;
  readonly #clients = new Set<RendezvousClient>();

  constructor(options: IntroductionsOptions) {
    this.#options = options;
  }

  /** Serves the stream of one of them until it ends or `signal` fires. */
  async run(stream: FrameStream, signal: AbortSignal): Promise<void> {
    const { self, clock, onPeers } = this.#options;
    const client = new RendezvousClient(stream, {
      self,
      clock,
      onPeers: (channel, peers) => onPeers(channel, peers, stream.peer),
    });
    this.#clients.add(client);
    try {
      client.setChannels(this.#options.channels());
      await client.run(signal);
    } finally {
      this.#clients.delete(client);
    }
  }

  /** The channels have changed. */
  update(): void {
    for (const client of this.#clients) {
      client.setChannels(this.#options.channels());
    }
  }

  /** Asks again, because neighbours are missing. */
  refresh(): void {
    for (const client of this.#clients) {
      client.refresh();
    }
  }
}
