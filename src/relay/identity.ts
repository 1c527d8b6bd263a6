/** The relay's own key: peers recognise a relay by it after a restart. */
import { readFile, writeFile } from "node:fs/promises";
import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from "@libp2p/crypto/keys";
import type { PrivateKey } from "@libp2p/interface";
import { RelayError } from "./errors.ts";

export function createIdentity(): Promise<PrivateKey> {
  return generateKeyPair("Ed25519");
}

/**
 * Reads the key from `file`, or makes one and writes it there, readable for its owner alone.
 * @throws RelayError `RELAY_IDENTITY` when the file holds no key or cannot be written
 */
export async function loadIdentity(file: string): Promise<PrivateKey> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause && cause.code === "ENOENT")) throw unusable(file, cause);
    return storeNewIdentity(file);
  }
  try {
    return privateKeyFromProtobuf(Buffer.from(text.trim(), "base64"));
  } catch (cause) {
    throw unusable(file, cause);
  }
}

async function storeNewIdentity(file: string): Promise<PrivateKey> {
  const identity = await createIdentity();
  const text = Buffer.from(privateKeyToProtobuf(identity)).toString("base64");
  try {
    // "wx": of two relays that start at once with one file, the second fails instead of taking the first one's name away.
    await writeFile(file, `${text}\n`, { mode: 0o600, flag: "wx" });
  } catch (cause) {
    throw unusable(file, cause);
  }
  return identity;
}

function unusable(file: string, cause: unknown): RelayError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new RelayError("RELAY_IDENTITY", `The identity in ${file} is unusable: ${reason}`, { cause });
}
