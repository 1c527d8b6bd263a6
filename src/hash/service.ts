/** The worker's side: answers the calls of a `HashClient`. `workers/hash.ts` runs it. */
import { initHash } from "./current.ts";
import { HashError } from "./errors.ts";
import { blake3, Blake3Hasher } from "./hasher.ts";
import { outboardOfBlob } from "./outboard.ts";
import { ownBuffer } from "./protocol.ts";
import type { ClientMessage, HashCall, HashOperation, HashOperations, WorkerMessage } from "./protocol.ts";
import { verifyGroups } from "./verify.ts";

/** The worker's global scope, or a MessagePort. */
export interface ServicePort {
  postMessage(message: WorkerMessage, options: { transfer: ArrayBuffer[] }): void;
  addEventListener(type: "message", listener: (event: MessageEvent<ClientMessage>) => void): void;
  removeEventListener(type: "message", listener: (event: MessageEvent<ClientMessage>) => void): void;
}

interface Answer {
  readonly value: HashOperations[HashOperation]["answer"];
  readonly transfer: ArrayBuffer[];
}

/** Starts to answer; returns a function that stops it and what is under way. */
export function serveHash(port: ServicePort): () => void {
  const hashers = new Map<number, Blake3Hasher>();
  const running = new Map<number, AbortController>();

  const send = (message: WorkerMessage, transfer: ArrayBuffer[] = []) => port.postMessage(message, { transfer });

  const run = async (id: number, call: HashCall): Promise<void> => {
    const abort = new AbortController();
    running.set(id, abort);
    try {
      await initHash();
      const onProgress = (done: number) => send({ type: "progress", id, done });
      const { value, transfer } = await execute(call, hashers, { signal: abort.signal, onProgress });
      if (!abort.signal.aborted) send({ type: "answer", id, value }, transfer);
    } catch (error) {
      // An aborted call has been settled by the client; nobody waits for this.
      if (abort.signal.aborted) return;
      const code = error instanceof HashError ? error.code : "WORKER_FAILED";
      send({ type: "failure", id, code, message: error instanceof Error ? error.message : String(error) });
    } finally {
      running.delete(id);
    }
  };

  const onMessage = ({ data }: MessageEvent<ClientMessage>): void => {
    if (data.type === "abort") running.get(data.id)?.abort();
    else void run(data.id, data.call);
  };

  port.addEventListener("message", onMessage);
  return () => {
    port.removeEventListener("message", onMessage);
    for (const abort of running.values()) abort.abort();
    hashers.clear();
  };
}

interface ExecuteOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number) => void;
}

async function execute(call: HashCall, hashers: Map<number, Blake3Hasher>, options: ExecuteOptions): Promise<Answer> {
  options.signal.throwIfAborted();
  switch (call.operation) {
    case "hash": {
      const { bytes, transfer } = ownBuffer(call.bytes);
      return { value: { hash: blake3(bytes), bytes }, transfer };
    }
    case "outboard": {
      const outboard = await outboardOfBlob(call.blob, options);
      return { value: outboard, transfer: ownBuffer(outboard.nodes).transfer };
    }
    case "verify": {
      verifyGroups(call.object, call.range, call.proof, call.bytes);
      const { bytes, transfer } = ownBuffer(call.bytes);
      return { value: bytes, transfer };
    }
    case "update": {
      let hasher = hashers.get(call.hasher);
      if (!hasher) {
        hasher = new Blake3Hasher();
        hashers.set(call.hasher, hasher);
      }
      hasher.update(call.bytes);
      return { value: null, transfer: [] };
    }
    case "digest": {
      const hasher = hashers.get(call.hasher) ?? new Blake3Hasher();
      return { value: hasher.digest(), transfer: [] };
    }
    case "drop":
      hashers.delete(call.hasher);
      return { value: null, transfer: [] };
  }
}
