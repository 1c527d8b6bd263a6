/** The typed way to the hash worker: the same operations as in this room, off the caller's thread. */
import { HashError } from "./errors.ts";
import type { Outboard } from "./outboard.ts";
import { ownBuffer } from "./protocol.ts";
import type { ClientMessage, HashCall, HashOperation, HashOperations, WorkerMessage } from "./protocol.ts";
import type { GroupRange } from "./tree.ts";
import type { HashedObject } from "./verify.ts";

/** The part of `Worker` that the client uses. */
export interface HashWorker {
  postMessage(message: ClientMessage, options: { transfer: ArrayBuffer[] }): void;
  addEventListener(type: "message" | "error" | "messageerror", listener: (event: Event) => void): void;
  removeEventListener(type: "message" | "error" | "messageerror", listener: (event: Event) => void): void;
  terminate(): void;
}

interface Pending {
  settle(outcome: { readonly value: unknown } | { readonly error: unknown }): void;
  readonly onProgress: ((done: number) => void) | undefined;
}

interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

interface SendOptions extends CallOptions {
  readonly transfer?: ArrayBuffer[];
  readonly onProgress?: ((done: number) => void) | undefined;
}

/**
 * Calls into a worker that runs `serveHash`. It is started with the first call, and then the client owns it: `close` ends both.
 *
 * ```ts
 * const client = new HashClient(() => new Worker(new URL("./hash.ts", import.meta.url), { type: "module" }));
 * const { root, size, nodes } = await client.outboard(file, { signal });
 * ```
 *
 * Whoever wires the rooms names the worker's file, because a bundler does not follow a worker that can start itself.
 *
 * Bytes given to a method are transferred, not copied, when they are the whole of their buffer: they are empty
 * for the caller afterwards. `hash` and `verify` give them back. Every method rejects with the signal's reason once it
 * is aborted, with `WORKER_DIED` when the worker fails and with `WORKER_CLOSED` after `close`; bytes that
 * were under way then are lost.
 */
export class HashClient {
  readonly #start: () => HashWorker;
  #worker: HashWorker | undefined;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #nextHasher = 1;
  /** Why no call can be made any more. */
  #ended: HashError | undefined;

  constructor(start: () => HashWorker) {
    this.#start = start;
  }

  /** BLAKE3-256 of `bytes`, and the bytes back. */
  hash(bytes: Uint8Array, options: CallOptions = {}): Promise<{ hash: Uint8Array; bytes: Uint8Array }> {
    const own = ownBuffer(bytes);
    return this.#call("hash", { bytes: own.bytes }, { ...options, transfer: own.transfer });
  }

  /** Hash and outboard of a file, read by the worker in slices. `onProgress` gets the bytes done so far. */
  outboard(
    blob: Blob,
    options: CallOptions & { readonly onProgress?: (done: number) => void } = {},
  ): Promise<Outboard> {
    return this.#call("outboard", { blob }, options);
  }

  /**
   * Checks the groups of `range` with their proof, as `verifyGroups`, and gives the bytes back.
   * Rejects with `NODE_MISMATCH`, `GROUP_MISMATCH`, `BAD_LENGTH` or `BAD_RANGE`.
   */
  verify(
    object: HashedObject,
    range: GroupRange,
    proof: Uint8Array,
    bytes: Uint8Array,
    options: CallOptions = {},
  ): Promise<Uint8Array> {
    const own = ownBuffer(bytes);
    const { root, size } = object;
    return this.#call(
      "verify",
      { object: { root, size }, range, proof, bytes: own.bytes },
      { ...options, transfer: own.transfer },
    );
  }

  /** A hasher inside the worker, for bytes that come in pieces. */
  hasher(): RemoteHasher {
    return new RemoteHasher((operation, ask, options) => this.#call(operation, ask, options), this.#nextHasher++);
  }

  /** Ends the worker; pending and later calls reject with `WORKER_CLOSED`. */
  close(): void {
    this.#end(new HashError("WORKER_CLOSED", "the hash worker was closed"));
  }

  #call<O extends HashOperation>(
    operation: O,
    ask: HashOperations[O]["ask"],
    options: SendOptions = {},
  ): Promise<HashOperations[O]["answer"]> {
    const { signal, transfer = [], onProgress } = options;
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      if (this.#ended) throw this.#ended;
      const worker = (this.#worker ??= this.#started());
      const id = this.#nextId++;
      const onAbort = () => {
        worker.postMessage({ type: "abort", id }, { transfer: [] });
        this.#pending.get(id)?.settle({ error: signal?.reason });
      };
      // Throws when something cannot be cloned or transferred; nothing is pending then.
      worker.postMessage({ type: "call", id, call: { operation, ...ask } as unknown as HashCall }, { transfer });
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#pending.set(id, {
        onProgress,
        settle: (outcome) => {
          this.#pending.delete(id);
          signal?.removeEventListener("abort", onAbort);
          if ("value" in outcome) resolve(outcome.value as HashOperations[O]["answer"]);
          else reject(outcome.error);
        },
      });
    });
  }

  #started(): HashWorker {
    const worker = this.#start();
    worker.addEventListener("message", this.#onMessage);
    worker.addEventListener("error", this.#onError);
    worker.addEventListener("messageerror", this.#onError);
    return worker;
  }

  readonly #onMessage = (event: Event): void => {
    const message = (event as MessageEvent<WorkerMessage>).data;
    // Absent when the call was aborted while its answer was on the way.
    const pending = this.#pending.get(message.id);
    if (!pending) return;
    switch (message.type) {
      case "progress":
        pending.onProgress?.(message.done);
        break;
      case "answer":
        pending.settle({ value: message.value });
        break;
      case "failure":
        pending.settle({ error: new HashError(message.code, message.message) });
        break;
    }
  };

  readonly #onError = (event: Event): void => {
    const detail = "message" in event ? `: ${String(event.message)}` : "";
    this.#end(new HashError("WORKER_DIED", `the hash worker failed${detail}`));
  };

  #end(reason: HashError): void {
    if (this.#ended) return;
    this.#ended = reason;
    this.#worker?.removeEventListener("message", this.#onMessage);
    this.#worker?.removeEventListener("error", this.#onError);
    this.#worker?.removeEventListener("messageerror", this.#onError);
    this.#worker?.terminate();
    for (const pending of this.#pending.values()) pending.settle({ error: reason });
  }
}

type Send = <O extends HashOperation>(
  operation: O,
  ask: HashOperations[O]["ask"],
  options?: SendOptions,
) => Promise<HashOperations[O]["answer"]>;

/**
 * An incremental hasher in the worker; its calls are done in the order in which they were made. After a call that
 * was aborted its state is unknown: close it.
 */
export class RemoteHasher {
  readonly #send: Send;
  readonly #number: number;
  #closed = false;

  constructor(send: Send, number: number) {
    this.#send = send;
    this.#number = number;
  }

  /** Appends `bytes`. Wait for it before the next when memory matters: what is sent ahead queues up. */
  async update(bytes: Uint8Array, options: CallOptions = {}): Promise<void> {
    this.#checkOpen();
    const own = ownBuffer(bytes);
    await this.#send("update", { hasher: this.#number, bytes: own.bytes }, { ...options, transfer: own.transfer });
  }

  /** Hash of everything so far. More may follow. */
  async digest(options: CallOptions = {}): Promise<Uint8Array> {
    this.#checkOpen();
    return this.#send("digest", { hasher: this.#number }, options);
  }

  /** Forgets the state in the worker; later calls reject with `HASHER_CLOSED`. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#send("drop", { hasher: this.#number });
  }

  #checkOpen(): void {
    if (this.#closed) throw new HashError("HASHER_CLOSED", "the hasher was closed");
  }
}
