/** How many streams a peer may have open with us and how fast it may open them, decided before anything is read of them. */
import type { Connection, Stream } from "@libp2p/interface";
import { toHex, type NodeKey } from "../../wire/index.ts";
import { MeshError } from "../errors.ts";

import type { Clock } from "../protocols/clock.ts";
import { PeerBudgets } from "../protocols/token-bucket.ts";
import { BUDGETS, type StreamBudget } from "./limits.ts";

export interface StreamGateOptions {
  readonly clock: Clock;
  readonly limits?: Partial<StreamBudget>;
  /** `STREAM_FLOOD`: a stream of this peer was refused. */
  readonly onMisdeed: (peer: NodeKey, code: string) => void;
}

export class StreamGate {
  readonly #options: StreamGateOptions;
  readonly #limits: StreamBudget;
  readonly #opened: PeerBudgets<"opened">;
  /** Streams open now, by peer; one that has none is not in it. */
  readonly #open = new Map<string, number>();

  constructor(options: StreamGateOptions) {
    this.#options = options;
    this.#limits = { ...BUDGETS.streams, ...options.limits };
    this.#opened = new PeerBudgets({ opened: this.#limits.opened });
  }

  open(peer: NodeKey): number {
    return this.#open.get(toHex(peer)) ?? 0;
  }

  /**
   * From now on counts the streams that the other side of this connection opens. The connection hears of each from its
   * muxer, and answers by agreeing on a protocol, which takes time and memory; so this listens before the connection does.
   * @returns whether the connection can be used: the muxer has given up where more streams came than it keeps for later
   * @throws TypeError when libp2p's connections are of an unknown form: its versions are pinned
   */
  watch(connection: Connection, peer: NodeKey, { relay }: { relay: boolean }): boolean {
    const muxer: unknown = Reflect.get(connection, "muxer");
    if (!(muxer instanceof EventTarget)) throw new TypeError("A connection of libp2p has no muxer of the known form.");
    const dispatch = muxer.dispatchEvent.bind(muxer);
    muxer.dispatchEvent = (event: Event): boolean => {
      if (event.type !== "stream") return dispatch(event);
      const stream = (event as CustomEvent<Stream>).detail;
      return this.#admit(stream, peer, relay) ? dispatch(event) : true;
    };
    return Reflect.get(muxer, "status") === "open";
  }

  #admit(stream: Stream, peer: NodeKey, relay: boolean): boolean {
    const now = this.#options.clock.now();
    const key = toHex(peer);
    const open = this.#open.get(key) ?? 0;
    const { opened } = this.#opened.of(peer, now);
    const room = open < (relay ? this.#limits.openOfRelay : this.#limits.open);
    // A relay opens one for each introduction, which has a budget of its own (knocks.ts).
    const inTime = relay || opened.debt(now) === 0;
    if (!room || !inTime) {
      stream.abort(new MeshError("PROTOCOL_VIOLATION", "Too many streams."));
      if (!relay) this.#options.onMisdeed(peer, "STREAM_FLOOD");
      return false;
    }
    opened.spend(1, now);
    this.#open.set(key, open + 1);
    stream.addEventListener(
      "close",
      ({ error }) => {
        this.#closed(key);
        // libp2p has its own limit for each protocol and connection; it says nothing about it but this.
        if (error?.name === "TooManyInboundProtocolStreamsError") this.#options.onMisdeed(peer, "STREAM_FLOOD");
      },
      { once: true },
    );
    return true;
  }

  #closed(key: string): void {
    const left = (this.#open.get(key) ?? 1) - 1;
    if (left === 0) this.#open.delete(key);
    else this.#open.set(key, left);
  }
}
