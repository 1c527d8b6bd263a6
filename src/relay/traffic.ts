/**
 * How much passes through the relay from peer to peer, and how often one peer may ask for it.
 *
 * Circuit relay v2 limits each relayed connection but not their number, so a pair of peers could carry a film through the
 * relay in pieces. The rate below makes that slower than not trying.
 */
import type { Connection, Stream, StreamMiddleware } from "@libp2p/interface";
import { RELAY_V2_HOP_CODEC, RELAY_V2_STOP_CODEC } from "@libp2p/circuit-relay-v2";
import { MeshError } from "../mesh/errors.ts";
import type { Clock } from "../mesh/protocols/clock.ts";
import { PeerBudgets } from "../mesh/protocols/token-bucket.ts";

/** A peer that joins calls a dozen others, and the same ones again when a call fails. */
const CIRCUIT_RATE = { perSecond: 0.5, burst: 48 };

/** The part of libp2p's registrar (version 3.3) that is used here. */
export interface StreamRegistrar {
  getHandler(protocol: string): {
    readonly handler: (stream: Stream, connection: Connection) => void | Promise<void>;
    readonly options: object;
  };
  handle(
    protocol: string,
    handler: (stream: Stream, connection: Connection) => void | Promise<void>,
    options: object,
  ): Promise<void>;
  use(protocol: string, middleware: StreamMiddleware[]): void;
}

export class RelayTraffic {
  readonly #clock: Clock;
  readonly #budgets = new PeerBudgets({ circuits: CIRCUIT_RATE });
  /** Bytes handed on, both directions, the relay's own answers to requests (some hundred bytes each) included. */
  bytes = 0;
  /** Relayed connections opened so far. */
  circuits = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Stands between libp2p and its circuit relay service, which must have started. */
  async watch(registrar: StreamRegistrar): Promise<void> {
    const hop = registrar.getHandler(RELAY_V2_HOP_CODEC);
    await registrar.handle(
      RELAY_V2_HOP_CODEC,
      async (stream, connection) => {
        if (!this.#mayAsk(connection)) {
          stream.abort(new MeshError("UNREACHABLE", "too many requests of this peer"));
          return;
        }
        this.#countSends(stream);
        await hop.handler(stream, connection);
      },
      { ...hop.options, force: true },
    );
    registrar.use(RELAY_V2_STOP_CODEC, [
      (stream, connection, next) => {
        this.circuits += 1;
        this.#countSends(stream);
        next(stream, connection);
      },
    ]);
  }

  #mayAsk(connection: Connection): boolean {
    const key = connection.remotePeer.publicKey?.raw;
    if (key === undefined) return false;
    const now = this.#clock.now();
    const { circuits } = this.#budgets.of(key, now);
    if (circuits.debt(now) > 0) return false;
    circuits.spend(1, now);
    return true;
  }

  /**
   * Counts what is sent, because nothing else can be watched without harm: a second `message` listener would take bytes
   * that the relay's own reader has not asked for yet. What comes in from one peer goes out to the other.
   */
  #countSends(stream: Stream): void {
    const send = stream.send.bind(stream);
    stream.send = (data) => {
      this.bytes += data.byteLength;
      return send(data);
    };
  }
}
