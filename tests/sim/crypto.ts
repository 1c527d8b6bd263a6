/**
 * Ed25519 in this thread. WebCrypto answers from other threads, in an order that no seed decides; a run that is to be
 * repeated takes the same primitives, of the same OpenSSL, one after the other.
 */
import { createPrivateKey, createPublicKey, sign, verify, type JsonWebKey, type KeyObject } from "node:crypto";

/** SubjectPublicKeyInfo around the 32 bytes of an Ed25519 key (RFC 8410 section 4). */
const SPKI_HEAD = Uint8Array.of(0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0);

/** What stands for a CryptoKey while this is in use. */
interface InlineKey {
  readonly inline: KeyObject;
}

type Subtle = Record<"importKey" | "exportKey" | "sign" | "verify", (...given: never[]) => Promise<unknown>>;

/** Until the returned function is called, every Ed25519 key, signature and verdict of this thread is made in it. */
export function inlineEd25519(): () => void {
  const subtle = crypto.subtle as unknown as Subtle;
  const native: Subtle = {
    importKey: subtle.importKey.bind(subtle),
    exportKey: subtle.exportKey.bind(subtle),
    sign: subtle.sign.bind(subtle),
    verify: subtle.verify.bind(subtle),
  };
  /** Reading a key costs more than signing; peers that come back bring the same one. */
  const keys = new Map<string, InlineKey>();
  const inline: Subtle = {
    async importKey(format: string, bytes: Uint8Array, ...rest: unknown[]) {
      if (rest[0] !== "Ed25519") return native.importKey(...([format, bytes, ...rest] as never[]));
      const name = `${format}:${Buffer.from(bytes).toString("base64")}`;
      const known = keys.get(name);
      if (known !== undefined) return known;
      const key = { inline: format === "raw" ? publicKeyOf(bytes) : privateKeyOf(bytes) };
      keys.set(name, key);
      return key;
    },
    async exportKey(format: string, key: object): Promise<unknown> {
      if (!isInline(key)) return native.exportKey(...([format, key] as never[]));
      const jwk: JsonWebKey = key.inline.export({ format: "jwk" });
      return jwk;
    },
    async sign(algorithm: unknown, key: object, message: Uint8Array) {
      if (!isInline(key)) return native.sign(...([algorithm, key, message] as never[]));
      return Uint8Array.from(sign(null, message, key.inline)).buffer;
    },
    async verify(algorithm: unknown, key: object, signature: Uint8Array, message: Uint8Array) {
      if (!isInline(key)) return native.verify(...([algorithm, key, signature, message] as never[]));
      return verify(null, message, key.inline, signature);
    },
  };
  Object.assign(crypto.subtle, inline);
  return () => {
    for (const name of Object.keys(inline)) Reflect.deleteProperty(crypto.subtle, name);
  };
}

function isInline(key: object): key is InlineKey {
  return "inline" in key;
}

function publicKeyOf(bytes: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([SPKI_HEAD, bytes]), format: "der", type: "spki" });
}

function privateKeyOf(bytes: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.from(bytes), format: "der", type: "pkcs8" });
}
