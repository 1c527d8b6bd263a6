/**
 * Makes RTCPeerConnections, beyond the 500 that Chromium lets a process make.
 *
 * What Chromium 156 counts are objects, not connections: one that was closed counts until it is collected as garbage, and a page
 * that does little collects none for a minute. A FinalizationRegistry does not tell what still counts, either: the objects of
 * JavaScript may be collected long before those behind them (seen: 2 alive by the registry, and the 501st refused). What does
 * help at once is a request for more memory than there may be: before V8 refuses an ArrayBuffer it collects everything, there and
 * then. Measured: 80 to 250 ms for 500 that were closed, and the next is made in the same turn.
 */

/** The largest length that every build knows, and 2 MiB more than Chromium gives to one ArrayBuffer. */
const TOO_MUCH = 2 ** 31 - 1;
/** Milliseconds. Where a collection did not help 500 are open: asking again with each dial would only stop the page. */
const PATIENCE = 5_000;

export interface MakePorts {
  /** Throws an error with the name of `UnknownError` beyond the limit. Default: the browser's. */
  readonly create?: (configuration: RTCConfiguration) => RTCPeerConnection;
  /** Collects what was let go of before it returns. Default: a request for too much memory. */
  readonly collect?: () => unknown;
  /** Milliseconds. Default: since the page was opened. */
  readonly now?: () => number;
}

export class ConnectionMaker {
  readonly #create: (configuration: RTCConfiguration) => RTCPeerConnection;
  readonly #collect: () => unknown;
  readonly #now: () => number;
  #hopelessUntil = -Infinity;

  constructor(ports: MakePorts = {}) {
    this.#create = ports.create ?? ((configuration) => new RTCPeerConnection(configuration));
    this.#collect = ports.collect ?? askForTooMuch;
    this.#now = ports.now ?? (() => performance.now());
  }

  /** Throws what the constructor of the browser throws: for a bad setting, or where too many are open. */
  make(configuration: RTCConfiguration): RTCPeerConnection {
    try {
      return this.#create(configuration);
    } catch (error) {
      if (!isLimit(error) || this.#now() < this.#hopelessUntil) throw error;
      this.#collect();
    }
    try {
      return this.#create(configuration);
    } catch (error) {
      this.#hopelessUntil = this.#now() + PATIENCE;
      throw error;
    }
  }
}

/** What Chromium says to more than it allows; settings are refused with SyntaxError, TypeError and others. */
const isLimit = (error: unknown): boolean => error instanceof Error && error.name === "UnknownError";

/** Bytes that were given: a value, since the build leaves out what nobody uses. They are never touched, and let go of at once. */
function askForTooMuch(): number {
  try {
    return new ArrayBuffer(TOO_MUCH).byteLength;
  } catch {
    return 0;
  }
}
