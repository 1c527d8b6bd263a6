import { toHex, type Hash } from "../../../wire/index.ts";
import { MeshError } from "../../errors.ts";
import type { FrameStream, Mesh } from "../../port.ts";
import { withDeadline, pause, type Clock } from "../clock.ts";
import { misdeedOf, ProtocolError } from "../errors.ts";
import { publicBytes, publiclyHeld, type Library } from "../library.ts";
import { PeerBudgets } from "../token-bucket.ts";
import { MAX_FRAME, MAX_INLINE, STORE_PROTOCOL, STORE_SERVER_LIMITS, type StoreServerLimits } from "./constants.ts";
import { decodeRequest, encodeAnswer, type HeadKey, type StoreAnswer, type StoreRequest } from "./messages.ts";

export interface StoreServerOptions {
  readonly mesh: Pick<Mesh, "handle" | "report">;
  readonly library: Library;
  readonly clock: Clock;
  readonly limits?: Partial<StoreServerLimits>;
}

export interface StoreServer {
  /** Streams that are open now. */
  readonly streams: number;
  /** Ends every stream and refuses new ones. */
  stop(): void;
}

/** Answers /mehr/store/1 from now on. */
export function serveStore(options: StoreServerOptions): StoreServer {
  const server = new Server(options);
  options.mesh.handle(STORE_PROTOCOL, (stream) => server.serve(stream));
  return server;
}

class Server implements StoreServer {
  readonly #mesh: StoreServerOptions["mesh"];
  readonly #library: Library;
  readonly #clock: Clock;
  readonly #limits: StoreServerLimits;
  readonly #budgets: PeerBudgets<"requests" | "bytes">;
  /** Open streams by peer. */
  readonly #open = new Map<string, number>();
  readonly #stopped = new AbortController();
  #streams = 0;

  constructor(options: StoreServerOptions) {
    this.#mesh = options.mesh;
    this.#library = options.library;
    this.#clock = options.clock;
    this.#limits = { ...STORE_SERVER_LIMITS, ...options.limits };
    this.#budgets = new PeerBudgets({ requests: this.#limits.requests, bytes: this.#limits.bytes });
  }

  get streams(): number {
    return this.#streams;
  }

  stop(): void {
    this.#stopped.abort(new ProtocolError("STOPPED", "This peer stopped serving."));
  }

  async serve(stream: FrameStream): Promise<void> {
    this.#stopped.signal.throwIfAborted();
    const peer = toHex(stream.peer);
    const open = this.#open.get(peer) ?? 0;
    if (open >= this.#limits.streamsPerPeer || this.#streams >= this.#limits.streams) {
      throw new ProtocolError("BUSY", "Too many streams.");
    }
    this.#open.set(peer, open + 1);
    this.#streams++;
    try {
      while (await this.#exchange(stream));
      await stream.close();
    } catch (error) {
      const misdeed = misdeedOf(error);
      if (misdeed !== null) this.#mesh.report(stream.peer, misdeed);
      throw error;
    } finally {
      this.#streams--;
      const left = (this.#open.get(peer) ?? 1) - 1;
      if (left === 0) this.#open.delete(peer);
      else this.#open.set(peer, left);
    }
  }

  /** One question and its answer. The next question is read only when this answer is out: what waits, waits at the client. */
  async #exchange(stream: FrameStream): Promise<boolean> {
    const frame = await this.#nextFrame(stream);
    if (frame === null) return false;
    const request = decodeRequest(frame);
    const busy = await this.#charge(stream, costOf(request));
    if (busy > 0) {
      await this.#send(stream, { kind: "refused", id: request.id, code: "BUSY", retryAfter: Math.min(busy, 60_000) });
      return true;
    }
    try {
      await this.#send(stream, await this.#answer(request));
    } catch (error) {
      // The client learns that it is not its fault; what happened stays here, with whoever runs this handler.
      if (!(error instanceof MeshError)) {
        await this.#send(stream, { kind: "refused", id: request.id, code: "REMOTE_FAULT", retryAfter: 0 });
      }
      throw error;
    }
    return true;
  }

  async #send(stream: FrameStream, answer: StoreAnswer): Promise<void> {
    const frame = encodeAnswer(answer);
    this.#budgets.of(stream.peer, this.#clock.now()).bytes.spend(frame.length, this.#clock.now());
    await withDeadline(this.#clock, this.#limits.stalled, this.#stopped.signal, (signal) =>
      stream.write(frame, { signal }),
    );
  }

  async #nextFrame(stream: FrameStream): Promise<Uint8Array | null> {
    const { signal } = this.#stopped;
    const ended = new AbortController();
    let idle = false;
    const stop = (): void => ended.abort(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    const cancel = this.#clock.after(this.#limits.idle, () => {
      idle = true;
      ended.abort();
    });
    try {
      return await stream.read({ signal: ended.signal });
    } catch (error) {
      // Nothing to do for a while is no fault: the stream ends in order.
      if (idle) return null;
      throw error;
    } finally {
      cancel();
      signal.removeEventListener("abort", stop);
    }
  }

  async #answer(request: StoreRequest): Promise<StoreAnswer> {
    const { id } = request;
    switch (request.kind) {
      case "get":
        return this.#get(id, request.hash);
      case "has":
        return { kind: "held", id, bitmap: toBitmap(await publiclyHeld(this.#library, request.hashes)) };
      case "head":
        return this.#heads(id, request.keys);
      case "unknown":
        return { kind: "refused", id, code: "UNSUPPORTED", retryAfter: 0 };
    }
  }

  /** Waits for the peer's budget. Resolves with 0, or with the milliseconds that are too many to wait for. */
  async #charge(stream: FrameStream, cost: number): Promise<number> {
    const { requests, bytes } = this.#budgets.of(stream.peer, this.#clock.now());
    requests.spend(cost, this.#clock.now());
    const debt = Math.max(requests.debt(this.#clock.now()), bytes.debt(this.#clock.now()));
    if (debt > this.#limits.patience) {
      // What is refused was hardly any work; charging it in full would punish patience with more waiting.
      requests.spend(REFUSAL_COST - cost, this.#clock.now());
      return debt;
    }
    if (debt > 0) await pause(this.#clock, debt, this.#stopped.signal);
    return 0;
  }

  async #get(id: number, hash: Hash): Promise<StoreAnswer> {
    const bytes = await publicBytes(this.#library, hash);
    if (bytes === undefined) return { kind: "refused", id, code: "NOT_FOUND", retryAfter: 0 };
    if (bytes.length > MAX_INLINE) return { kind: "refused", id, code: "TOO_LARGE", retryAfter: 0 };
    return { kind: "object", id, bytes };
  }

  /** As many of the first keys as fit one frame, and always at least one. */
  async #heads(id: number, keys: readonly HeadKey[]): Promise<StoreAnswer> {
    const versions: Uint8Array[][] = [];
    let room = MAX_FRAME - 32;
    for (const key of keys) {
      const head = await this.#library.head(key.type, key.owner, key.name);
      const held = head === undefined ? [] : head.forkBytes === null ? [head.bytes] : [head.bytes, head.forkBytes];
      // A version's own head is up to 5 bytes, the list around them one.
      room -= held.reduce((sum, bytes) => sum + bytes.length + 5, 1);
      if (room < 0 && versions.length > 0) break;
      versions.push(room < 0 ? [] : held);
    }
    return { kind: "heads", id, versions };
  }
}

/** Decoding a request and saying no to it. */
const REFUSAL_COST = 0.1;

/** What a request costs in reads: a batch of hashes is looked up in memory mostly, heads are a read each. */
function costOf(request: StoreRequest): number {
  switch (request.kind) {
    case "has":
      return 1 + request.hashes.length / 32;
    case "head":
      return 1 + request.keys.length / 8;
    case "get":
    case "unknown":
      return 1;
  }
}

function toBitmap(held: readonly boolean[]): Uint8Array {
  const bitmap = new Uint8Array(Math.ceil(held.length / 8));
  for (const [at, yes] of held.entries()) {
    if (yes) bitmap[at >> 3] = (bitmap[at >> 3] ?? 0) | (1 << (at & 7));
  }
  return bitmap;
}
