import { argon2id } from "@noble/hashes/argon2.js";
import type { Cost } from "./stretch.ts";

/** Argon2id (RFC 9106), version 0x13, 32 bytes. Keeps its thread busy for about a second. */
export function argon2(passphrase: Uint8Array, salt: Uint8Array, { lanes, memory, passes }: Cost): Uint8Array {
  return argon2id(passphrase, salt, { m: memory, t: passes, p: lanes, dkLen: 32 });
}
