import type { Hash } from "../../../wire/index.ts";
import { MeshError } from "../../errors.ts";
import type { FrameStream } from "../../port.ts";
import { pause, reasonOf, withDeadline, type Clock } from "../clock.ts";
import { bytesFor, heldFor, type Asker, type Library } from "../library.ts";
import type { TokenBucket } from "../token-bucket.ts";
import { MAX_FRAME, MAX_INLINE, type StoreServerLimits } from "./constants.ts";
import { decodeRequest, encodeAnswer, type HeadKey, type StoreAnswer, type StoreRequest } from "./messages.ts";

export interface ConversationOptions {
  readonly stream: FrameStream;
  readonly library: Library;
  readonly clock: Clock;
  readonly limits: StoreServerLimits;
  /** Looked at for every answer: trust ends at once. */
  readonly asker: () => Asker;
  /** Of the peer, whatever number of streams it has. */
  readonly requests: TokenBucket;
  readonly bytes: TokenBucket;
}

/** Decoding a request and saying no to it. */
const REFUSAL_COST = 0.1;
/** Around the versions in a `heads` answer: its own head, type, id and the head of the list. */
const HEADS_OVERHEAD = 32;
/** A budget that is short for longer than this says nothing about the present any more; in ms. */
const MAX_RETRY_AFTER = 60_000;

/** The server's side of one stream. */
export class Conversation {
  readonly #options: ConversationOptions;
  readonly #ended = new AbortController();

  constructor(options: ConversationOptions) {
    this.#options = options;
  }

  /** Until the client ends its side or is silent for long. @throws what broke it otherwise */
  async run(): Promise<void> {
    while (await this.#exchange());
    await this.#options.stream.close();
  }

  end(reason: Error): void {
    this.#ended.abort(reason);
  }

  /** One question and its answer. The next question is read only when this answer is out: what waits, waits at the client. */
  async #exchange(): Promise<boolean> {
    const frame = await this.#nextFrame();
    if (frame === null) return false;
    const request = decodeRequest(frame);
    const { id } = request;
    const busy = await this.#charge(costOf(request));
    if (busy > 0) {
      await this.#send({ kind: "refused", id, code: "BUSY", retryAfter: Math.min(busy, MAX_RETRY_AFTER) });
      return true;
    }
    try {
      await this.#send(await this.#answer(request));
    } catch (error) {
      // The client learns that it is not its fault; what happened stays here, with whoever runs this handler.
      if (!this.#ended.signal.aborted && !(error instanceof MeshError)) {
        await this.#send({ kind: "refused", id, code: "REMOTE_FAULT", retryAfter: 0 });
      }
      throw error;
    }
    return true;
  }

  async #send(answer: StoreAnswer): Promise<void> {
    const { bytes, clock, limits, stream } = this.#options;
    const frame = encodeAnswer(answer);
    bytes.spend(frame.length, clock.now());
    await withDeadline(clock, limits.stalled, this.#ended.signal, (signal) => stream.write(frame, { signal }));
  }

  /** `null` at the end of the stream, and when nothing comes for so long that the stream may as well end. */
  async #nextFrame(): Promise<Uint8Array | null> {
    const { clock, limits, stream } = this.#options;
    let idle = false;
    const cancel = clock.after(limits.idle, () => {
      idle = true;
      this.#ended.abort();
    });
    try {
      return await stream.read({ signal: this.#ended.signal });
    } catch (error) {
      if (idle) return null;
      throw this.#ended.signal.aborted ? reasonOf(this.#ended.signal) : error;
    } finally {
      cancel();
    }
  }

  /** Waits for the peer's budget. Resolves with 0, or with the milliseconds that are too many to wait for. */
  async #charge(cost: number): Promise<number> {
    const { bytes, clock, limits, requests } = this.#options;
    requests.spend(cost, clock.now());
    const debt = Math.max(requests.debt(clock.now()), bytes.debt(clock.now()));
    if (debt > limits.patience) {
      // What is refused was hardly any work; charging it in full would punish patience with more waiting.
      requests.spend(REFUSAL_COST - cost, clock.now());
      return debt;
    }
    if (debt > 0) await pause(clock, debt, this.#ended.signal);
    return 0;
  }

  async #answer(request: StoreRequest): Promise<StoreAnswer> {
    const { id } = request;
    switch (request.kind) {
      case "get":
        return this.#get(id, request.hash);
      case "has": {
        const held = await heldFor(this.#options.asker(), this.#options.library, request.hashes);
        return { kind: "held", id, bitmap: toBitmap(held) };
      }
      case "head":
        return this.#heads(id, request.keys);
      case "unknown":
        return { kind: "refused", id, code: "UNSUPPORTED", retryAfter: 0 };
    }
  }

  async #get(id: number, hash: Hash): Promise<StoreAnswer> {
    const bytes = await bytesFor(this.#options.asker(), this.#options.library, hash);
    if (bytes === undefined) return { kind: "refused", id, code: "NOT_FOUND", retryAfter: 0 };
    if (bytes.length > MAX_INLINE) return { kind: "refused", id, code: "TOO_LARGE", retryAfter: 0 };
    return { kind: "object", id, bytes };
  }

  /** As many of the first keys as fit one frame, and always at least one. */
  async #heads(id: number, keys: readonly HeadKey[]): Promise<StoreAnswer> {
    const versions: Uint8Array[][] = [];
    let room = MAX_FRAME - HEADS_OVERHEAD;
    for (const key of keys) {
      const held = await this.#versions(key);
      room -= sizeOf(held);
      if (room >= 0) {
        versions.push(held);
        continue;
      }
      // Two of the largest do not fit together: then the one that counts goes alone.
      if (versions.length === 0) versions.push(held.slice(0, 1));
      break;
    }
    return { kind: "heads", id, versions };
  }

  async #versions(key: HeadKey): Promise<Uint8Array[]> {
    const head = await this.#options.library.head(key.type, key.owner, key.name);
    if (head === undefined) return [];
    return head.forkBytes === null ? [head.bytes] : [head.bytes, head.forkBytes];
  }
}

/** A version's own head is up to 5 bytes, that of the list around them one. */
function sizeOf(versions: readonly Uint8Array[]): number {
  return versions.reduce((sum, bytes) => sum + bytes.length + 5, 1);
}

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
