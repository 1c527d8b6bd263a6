import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { blake3, GROUP_BYTES, HashClient, initHash, outboardOf, proofOf, serveHash } from "../../src/hash/index.ts";
import type { HashErrorCode, HashWorker } from "../../src/hash/index.ts";
import { flipBit, hex, seededBytes } from "./material.ts";

const failsWith = (code: HashErrorCode) => expect.objectContaining({ name: "HashError", code });

/**
 * Both real sides, over a MessageChannel in the place of the worker's thread. `fail` is the event that a browser fires
 * when the worker's script throws or does not load.
 */
class ChannelWorker extends EventTarget implements HashWorker {
  readonly #channel = new MessageChannel();
  readonly #stop: () => void;
  terminated = false;
  /** While true, nothing of what is sent reaches the worker. */
  silent = false;

  constructor() {
    super();
    const { port1, port2 } = this.#channel;
    this.#stop = serveHash(port2);
    port2.start();
    port1.addEventListener("message", (event) => {
      this.dispatchEvent(new MessageEvent("message", { data: event.data }));
    });
    port1.start();
  }

  postMessage(message: unknown, options: { transfer: ArrayBuffer[] }): void {
    if (!this.silent) this.#channel.port1.postMessage(message, options);
  }

  fail(): void {
    this.dispatchEvent(Object.assign(new Event("error"), { message: "out of memory" }));
  }

  terminate(): void {
    this.terminated = true;
    this.#stop();
    this.#channel.port1.close();
  }
}

let worker: ChannelWorker;
let started: number;
let client: HashClient;

beforeEach(async () => {
  await initHash();
  worker = new ChannelWorker();
  started = 0;
  client = new HashClient(() => {
    started += 1;
    return worker;
  });
});

afterEach(() => {
  client.close();
  worker.terminate();
});

describe("the worker", () => {
  test("is started by the first call, once", async () => {
    expect(started).toBe(0);
    await Promise.all([client.hash(seededBytes(10, 49)), client.hash(seededBytes(10, 50))]);
    await client.hash(seededBytes(10, 51));
    expect(started).toBe(1);
  });

  test("is not started to be closed", async () => {
    client.close();
    await expect(client.hash(seededBytes(10, 49))).rejects.toEqual(failsWith("WORKER_CLOSED"));
    expect(started).toBe(0);
  });
});

describe("hash", () => {
  test("takes the bytes and gives them back", async () => {
    const bytes = seededBytes(100_000, 51);
    const copy = bytes.slice();
    const result = client.hash(bytes);
    expect(bytes).toHaveLength(0);
    const { hash, bytes: back } = await result;
    expect(hex(hash)).toBe(hex(blake3(copy)));
    expect(back).toEqual(copy);
  });

  test("copies a part of a buffer instead of taking the rest with it", async () => {
    const bytes = seededBytes(1000, 52);
    const { hash } = await client.hash(bytes.subarray(10, 20));
    expect(hex(hash)).toBe(hex(blake3(bytes.subarray(10, 20))));
    expect(bytes).toHaveLength(1000);
  });

  test("answers many calls at once, each with its own", async () => {
    const inputs = [0, 1, 70_000, 5, 300_000].map((length) => seededBytes(length, length + 53));
    const expected = inputs.map((input) => hex(blake3(input)));
    const answers = await Promise.all(inputs.map((input) => client.hash(input)));
    expect(answers.map(({ hash }) => hex(hash))).toEqual(expected);
  });
});

describe("outboard", () => {
  test("of a file", async () => {
    const bytes = seededBytes(5 * 1024 * 1024, 54);
    const progress: number[] = [];
    const outboard = await client.outboard(new Blob([bytes.slice()]), { onProgress: (done) => progress.push(done) });
    expect(outboard).toEqual(outboardOf(bytes));
    expect(progress.at(-1)).toBe(bytes.length);
  });

  test("of what the worker cannot read says so", async () => {
    await expect(client.outboard({ size: 10 } as Blob)).rejects.toEqual(failsWith("WORKER_FAILED"));
  });

  test("of what cannot be sent rejects at once", async () => {
    const unsendable = { size: 10, slice: () => new Blob([]) } as unknown as Blob;
    await expect(client.outboard(unsendable)).rejects.toMatchObject({ name: "DataCloneError" });
  });
});

describe("verify", () => {
  const bytes = seededBytes(5 * GROUP_BYTES, 55);
  const range = { first: 1, count: 2 };
  const content = () => bytes.slice(GROUP_BYTES, 3 * GROUP_BYTES);

  test("gives right bytes back", async () => {
    const object = outboardOf(bytes);
    const given = content();
    const result = client.verify(object, range, proofOf(object, range), given);
    expect(given).toHaveLength(0);
    expect(await result).toEqual(content());
  });

  test("rejects wrong ones with the code of the fault", async () => {
    const object = outboardOf(bytes);
    const proof = proofOf(object, range);
    const verify = (someProof: Uint8Array, someBytes: Uint8Array) => client.verify(object, range, someProof, someBytes);
    await expect(verify(proof, flipBit(content(), 9))).rejects.toEqual(failsWith("GROUP_MISMATCH"));
    await expect(verify(flipBit(proof, 9), content())).rejects.toEqual(failsWith("NODE_MISMATCH"));
    await expect(verify(proof, content().slice(0, -1))).rejects.toEqual(failsWith("BAD_LENGTH"));
    await expect(client.verify(object, { first: 9, count: 1 }, proof, content())).rejects.toEqual(
      failsWith("BAD_RANGE"),
    );
  });
});

describe("hasher", () => {
  test("hashes pieces in the order in which they were sent", async () => {
    const bytes = seededBytes(90_000, 56);
    const hasher = client.hasher();
    const other = client.hasher();
    const updates = [0, 1, 2].map((piece) => hasher.update(bytes.slice(piece * 30_000, (piece + 1) * 30_000)));
    await Promise.all([...updates, other.update(new Uint8Array(3))]);
    expect(hex(await hasher.digest())).toBe(hex(blake3(bytes)));
    expect(hex(await other.digest())).toBe(hex(blake3(new Uint8Array(3))));
  });

  test("without pieces hashes nothing", async () => {
    expect(hex(await client.hasher().digest())).toBe(hex(blake3(new Uint8Array(0))));
  });

  test("takes nothing after it was closed", async () => {
    const hasher = client.hasher();
    await hasher.update(new Uint8Array(3));
    await hasher.close();
    await hasher.close();
    await expect(hasher.update(new Uint8Array(3))).rejects.toEqual(failsWith("HASHER_CLOSED"));
    await expect(hasher.digest()).rejects.toEqual(failsWith("HASHER_CLOSED"));
  });
});

describe("a call ends with the signal's reason", () => {
  const reason = new Error("no longer wanted");

  test("when it is aborted before, and the bytes stay with the caller", async () => {
    const bytes = seededBytes(100, 57);
    await expect(client.hash(bytes, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(bytes).toHaveLength(100);
  });

  test("when it is aborted on the way, also if the worker never answers", async () => {
    worker.silent = true;
    const abort = new AbortController();
    const result = client.hash(seededBytes(100, 58), { signal: abort.signal });
    abort.abort(reason);
    await expect(result).rejects.toBe(reason);
  });

  test("and the worker stops reading the file", async () => {
    const abort = new AbortController();
    let progress = 0;
    const file = new Blob([seededBytes(1024 * 1024, 59).slice()]);
    const large = new Blob(Array.from({ length: 64 }, () => file));
    const result = client.outboard(large, {
      signal: abort.signal,
      onProgress: (done) => {
        progress = done;
        abort.abort(reason);
      },
    });
    await expect(result).rejects.toBe(reason);
    const settled = progress;
    // The worker answers in turn; when a later call is answered, one under way has gone on if it ever would.
    await client.outboard(file);
    await client.hash(seededBytes(10, 60));
    expect(progress).toBe(settled);
    expect(progress).toBeLessThan(large.size);
  });
});

describe("when the worker is gone", () => {
  test("pending and later calls reject after it failed", async () => {
    worker.silent = true;
    const pending = [client.hash(seededBytes(10, 61)), client.hasher().digest()];
    worker.fail();
    for (const call of pending) await expect(call).rejects.toEqual(failsWith("WORKER_DIED"));
    await expect(client.hash(seededBytes(10, 62))).rejects.toEqual(failsWith("WORKER_DIED"));
    expect(worker.terminated).toBe(true);
  });

  test("pending and later calls reject after it was closed", async () => {
    worker.silent = true;
    const pending = client.hash(seededBytes(10, 63));
    client.close();
    await expect(pending).rejects.toEqual(failsWith("WORKER_CLOSED"));
    await expect(client.outboard(new Blob([]))).rejects.toEqual(failsWith("WORKER_CLOSED"));
    expect(worker.terminated).toBe(true);
  });
});
