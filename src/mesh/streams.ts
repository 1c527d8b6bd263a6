/** Streams of frames over links: opened for this peer's protocols, accepted for those it serves. */
import type { Connection, Libp2p, Stream } from "@libp2p/interface";
import { MeshError } from "./errors.ts";
import { frameStream } from "./frames.ts";
import type { Link, Links } from "./links.ts";
import type { MeshLog } from "./options.ts";
import { BUDGETS } from "./budgets/index.ts";
import type { FrameStream } from "./port.ts";
import { ProtocolError } from "./protocols/errors.ts";
import { reasonOf, withDeadline, type Clock } from "./protocols/clock.ts";
import type { NodeKey } from "../wire/types.ts";
import { spareCopies } from "./webrtc-streams.ts";

/** Two round trips: one opens the channel, one agrees on the protocol. */
const OPEN_TIMEOUT = 10_000;
/** Streams with one peer that this node opens at once, for each protocol: its own restraint, so generous. */
const MAX_OUTBOUND_STREAMS = 64;

export interface StreamsOptions {
  readonly clock: Clock;
  readonly log: MeshLog;
  readonly links: Links;
  readonly maxInboundStreams: number;
  /** `SILENT_STREAM`: opened and nothing said; `STALLED`: a frame neither finished nor taken in time; `STREAM_FLOOD`. */
  onMisdeed(peer: NodeKey, code: string): void;
}

export class Streams {
  readonly #options: StreamsOptions;

  constructor(options: StreamsOptions) {
    this.#options = options;
  }

  /** @throws MeshError `PROTOCOL_UNSUPPORTED`, `TIMEOUT`, `STREAM_RESET`, or the signal's reason */
  async open(link: Link, protocol: string, signal: AbortSignal | undefined): Promise<FrameStream> {
    let stream: Stream;
    try {
      stream = await withDeadline(this.#options.clock, OPEN_TIMEOUT, signal, (limit) =>
        link.connection.newStream(protocol, { signal: limit, maxOutboundStreams: MAX_OUTBOUND_STREAMS }),
      );
    } catch (error) {
      const fault = openFault(error, protocol, signal);
      if (fault instanceof MeshError && fault.code === "TIMEOUT") this.#options.links.doubt(link);
      throw fault;
    }
    return this.#frames(link, stream);
  }

  async serve(node: Libp2p, protocol: string, handler: (stream: FrameStream) => Promise<void>): Promise<void> {
    const serve = (stream: Stream, connection: Connection): void => {
      void this.#accept(stream, connection, handler);
    };
    await node.handle(protocol, serve, {
      maxInboundStreams: this.#options.maxInboundStreams,
      maxOutboundStreams: MAX_OUTBOUND_STREAMS,
      runOnLimitedConnection: false,
    });
  }

  async #accept(
    stream: Stream,
    connection: Connection,
    handler: (stream: FrameStream) => Promise<void>,
  ): Promise<void> {
    const link = this.#options.links.byConnection(connection.id);
    if (link === undefined || !link.direct) {
      stream.abort(new MeshError("PROTOCOL_VIOLATION", "Content is not carried over a relay."));
      return;
    }
    const frames = this.#frames(link, stream, BUDGETS.streams.silence);
    try {
      await handler(frames);
      await frames.close();
    } catch (error) {
      const misdeed = misdeedOf(error);
      if (misdeed !== null) {
        this.#options.onMisdeed(link.peer, misdeed);
      }
      this.#options.log("debug", "stream_failed", { protocol: stream.protocol, error });
      frames.abort(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #frames(link: Link, stream: Stream, firstFrameTimeout = Number.POSITIVE_INFINITY): FrameStream {
    const { clock } = this.#options;
    link.usedAt = clock.now();
    spareCopies(stream);
    return frameStream(stream, link.peer, { clock, limits: { firstFrameTimeout } });
  }
}

/** What is to be said of a peer whose stream ended so; what breaks a protocol is reported by who serves it. */
function misdeedOf(error: unknown): string | null {
  if (error instanceof ProtocolError) {
    // More streams than one peer has a use for.
    return error.code === "BUSY" ? "STREAM_FLOOD" : null;
  }
  if (!(error instanceof MeshError)) {
    return null;
  }
  return error.code === "TIMEOUT" ? "STALLED" : error.code === "SILENT_STREAM" ? error.code : null;
}

function openFault(cause: unknown, protocol: string, signal: AbortSignal | undefined): Error {
  if (signal?.aborted === true) {
    return reasonOf(signal);
  }
  if (cause instanceof MeshError) {
    return cause;
  }
  const name = cause instanceof Error ? cause.name : "";
  if (name === "UnsupportedProtocolError") {
    return new MeshError("PROTOCOL_UNSUPPORTED", `The peer does not speak ${protocol}.`, { cause });
  }
  if (name === "AbortError" || name === "TimeoutError") {
    return new MeshError("TIMEOUT", `No stream within ${OPEN_TIMEOUT} ms.`, { cause });
  }
  return new MeshError("STREAM_RESET", "The stream could not be opened.", { cause });
}
