/**
 * The one verdict on signatures. It must be the same on every peer, or the mesh splits over what is valid:
 * byte checks first, then the cofactorless equation by WebCrypto, or computed here where WebCrypto lacks Ed25519.
 */
import { passesByteChecks } from "./ed25519.ts";

/**
 * Keys imported and kept, the least recently used dropped first. A busy place has hundreds of authors; two thousand
 * keys take well under a megabyte. In a worker of Chromium 156 a verification with an import takes 115 us, without 64 us.
 */
const KEY_CACHE_SIZE = 2_048;

const keys = new Map<string, CryptoKey | Promise<CryptoKey>>();
let native: Promise<boolean> | undefined;

/** Whether WebCrypto knows Ed25519; asked once. */
export function hasNativeEd25519(): Promise<boolean> {
  native ??= crypto.subtle
    // The base point of the curve: a valid key of which nobody knows the secret half.
    .importKey("raw", new Uint8Array(32).fill(0x66).fill(0x58, 0, 1), "Ed25519", false, ["verify"])
    .then(
      () => true,
      () => false,
    );
  return native;
}

function importedKey(key: Uint8Array): CryptoKey | Promise<CryptoKey> {
  const name = String.fromCharCode(...key);
  const known = keys.get(name);
  if (known !== undefined) {
    keys.delete(name);
    keys.set(name, known);
    return known;
  }
  const importing = crypto.subtle.importKey("raw", key.slice(), "Ed25519", false, ["verify"]);
  keys.set(name, importing);
  importing.then(
    (imported) => {
      if (keys.get(name) === importing) keys.set(name, imported);
    },
    () => {
      if (keys.get(name) === importing) keys.delete(name);
    },
  );
  if (keys.size > KEY_CACHE_SIZE) {
    for (const oldest of keys.keys()) {
      keys.delete(oldest);
      break;
    }
  }
  return importing;
}

async function verifyNatively(key: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  let imported: CryptoKey;
  try {
    imported = await importedKey(key);
  } catch (cause) {
    // Some implementations refuse bytes that are no point of the curve at import, others at verification.
    if (cause instanceof DOMException) return false;
    throw cause;
  }
  return crypto.subtle.verify("Ed25519", imported, signature as BufferSource, message as BufferSource);
}

/** As {@link verifySignature}, without WebCrypto. Exported so that tests can hold both ways against each other. */
export async function verifyPortably(key: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  if (!passesByteChecks(key, signature)) return false;
  const { satisfiesEquation } = await import("./ed25519-portable.ts");
  return satisfiesEquation(key, message, signature);
}

/**
 * Whether `signature` is the key's signature of `message` by the project's rule: 64 bytes, S < L, A and R canonical
 * and not of small order, and R = SB - kA. Malformed input is false, never an error.
 */
export async function verifySignature(key: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  if (!(await hasNativeEd25519())) return verifyPortably(key, message, signature);
  return passesByteChecks(key, signature) && verifyNatively(key, message, signature);
}
