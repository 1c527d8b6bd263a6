import { pause } from "../../../mesh/protocols/index.ts";
import { toHex } from "../../../wire/index.ts";
import type { PeerCore } from "../../core.ts";
import type { Finding } from "../check.ts";
import { faultName } from "../fields.ts";

/** BLAKE3-256 of "abc", as the reference implementation gives it (test_vectors.json of the BLAKE3 project has longer ones). */
const ABC = "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85";

/** Loading its script and compiling 10 kB of Wasm takes some 100 ms; a worker that is silent for so long never started. */
const SILENT = 5_000;

/** Whether the hash worker is there and computes what everybody computes. */
export async function checkHashing({ ports }: PeerCore, signal: AbortSignal): Promise<readonly Finding[]> {
  const done = new AbortController();
  const limited = AbortSignal.any([signal, done.signal]);
  try {
    const hashed = ports.hashing.outboard(new Blob(["abc"]), { signal: limited });
    const silent = pause(ports.clock, SILENT, limited).then(() => null);
    const answer = await Promise.race([hashed, silent]);
    if (answer === null) return [{ state: "broken", code: "HASH_WORKER_SILENT" }];
    const right = toHex(answer.root) === ABC && answer.size === 3;
    return [right ? { state: "ok", code: "HASH_WORKER_WORKS" } : { state: "broken", code: "HASH_WRONG" }];
  } catch (error) {
    signal.throwIfAborted();
    return [{ state: "broken", code: "HASH_WORKER_FAILED", details: { error: faultName(error) } }];
  } finally {
    done.abort();
  }
}
