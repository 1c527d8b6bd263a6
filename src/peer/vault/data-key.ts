import { toHex } from "../../wire/index.ts";
import { PeerError } from "../errors.ts";

/** AES-256. */
export const KEY_BYTES = 32;
/** Random: NIST SP 800-38D allows 2^32 of these under one key, a record a second for 136 years. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Of what is sealed; a reader refuses what it does not know. */
const VERSION = 1;

/** What lies on disk in place of a private value. */
export interface Sealed {
  readonly sealed: typeof VERSION;
  readonly nonce: Uint8Array;
  readonly bytes: Uint8Array;
}

export function isSealed(value: unknown): value is Sealed {
  if (typeof value !== "object" || value === null) return false;
  const { bytes, nonce, sealed } = value as Partial<Record<keyof Sealed, unknown>>;
  return (
    sealed === VERSION &&
    nonce instanceof Uint8Array &&
    nonce.length === NONCE_BYTES &&
    bytes instanceof Uint8Array &&
    bytes.length >= TAG_BYTES
  );
}

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const random = (length: number): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(length));
const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);

/** A fresh key; the caller wraps it, then overwrites it. */
export function newDataKey(): Uint8Array<ArrayBuffer> {
  return random(KEY_BYTES);
}

/**
 * The key of one store's private records. Its secret cannot be read out of it any more, only used; `base` may be given to
 * pages, which keep it for the next run of the peer.
 */
export class DataKey {
  readonly base: CryptoKey;
  readonly #seal: CryptoKey;
  readonly #names: CryptoKey;
  readonly #known = new Map<string, string>();

  private constructor(base: CryptoKey, seal: CryptoKey, names: CryptoKey) {
    this.base = base;
    this.#seal = seal;
    this.#names = names;
  }

  static async fromSecret(secret: Uint8Array): Promise<DataKey> {
    return await DataKey.fromBase(await crypto.subtle.importKey("raw", own(secret), "HKDF", false, ["deriveKey"]));
  }

  /** One key each for values and for names: neither use can be turned against the other. */
  static async fromBase(base: CryptoKey): Promise<DataKey> {
    const derived = (info: string) => ({
      name: "HKDF",
      hash: "SHA-256",
      salt: utf8("mehr/1"),
      info: utf8(`vault/${info}`),
    });
    const [seal, names] = await Promise.all([
      crypto.subtle.deriveKey(derived("values"), base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]),
      crypto.subtle.deriveKey(derived("names"), base, { name: "HMAC", hash: "SHA-256", length: 256 }, false, ["sign"]),
    ]);
    return new DataKey(base, seal, names);
  }

  /** @param place where the record lies: it opens nowhere else */
  async seal(place: string, plain: Uint8Array): Promise<Sealed> {
    const nonce = random(NONCE_BYTES);
    const bytes = await crypto.subtle.encrypt(algorithm(nonce, place), this.#seal, own(plain));
    return { sealed: VERSION, nonce, bytes: new Uint8Array(bytes) };
  }

  /** @throws PeerError `RECORD_DAMAGED` when it was altered, lay elsewhere, or was sealed with another key */
  async open(place: string, { bytes, nonce }: Sealed): Promise<Uint8Array> {
    try {
      return new Uint8Array(await crypto.subtle.decrypt(algorithm(nonce, place), this.#seal, own(bytes)));
    } catch (cause) {
      throw new PeerError("RECORD_DAMAGED", "A sealed record cannot be opened.", { cause });
    }
  }

  /** What a name is called on disk: names tell, too, for instance which neighbours were asked. */
  async hidden(room: string, name: string): Promise<string> {
    const place = `${room}\0${name}`;
    const known = this.#known.get(place);
    if (known !== undefined) return known;
    const mac = await crypto.subtle.sign("HMAC", this.#names, utf8(place));
    const hidden = toHex(new Uint8Array(mac, 0, 16));
    this.#known.set(place, hidden);
    return hidden;
  }
}

function algorithm(nonce: Uint8Array, place: string): AesGcmParams {
  return { name: "AES-GCM", iv: own(nonce), additionalData: utf8(`mehr/1/sealed/${VERSION}\0${place}`) };
}

/** Seals a small secret, such as a data key, under 32 bytes that nothing else is sealed with. */
export async function wrap(under: Uint8Array, place: string, secret: Uint8Array): Promise<Sealed> {
  const key = await crypto.subtle.importKey("raw", own(under), "AES-GCM", false, ["encrypt"]);
  const nonce = random(NONCE_BYTES);
  const bytes = await crypto.subtle.encrypt(algorithm(nonce, place), key, own(secret));
  return { sealed: VERSION, nonce, bytes: new Uint8Array(bytes) };
}

/** `null` when this is not what it was wrapped under. */
export async function unwrap(under: Uint8Array, place: string, wrapped: Sealed): Promise<Uint8Array | null> {
  const key = await crypto.subtle.importKey("raw", own(under), "AES-GCM", false, ["decrypt"]);
  try {
    return new Uint8Array(await crypto.subtle.decrypt(algorithm(wrapped.nonce, place), key, own(wrapped.bytes)));
  } catch (error) {
    // The only thing that WebCrypto says of a wrong key.
    if (error instanceof DOMException && error.name === "OperationError") return null;
    throw error;
  }
}

/** 32 bytes for `wrap` from the secret that a passkey gave. */
export async function keyFromPasskey(secret: Uint8Array, salt: Uint8Array): Promise<Uint8Array> {
  const base = await crypto.subtle.importKey("raw", own(secret), "HKDF", false, ["deriveBits"]);
  const bits = await crypto.subtle.deriveBits(
    { name: "HKDF", hash: "SHA-256", salt: own(salt), info: utf8("mehr/1/vault/passkey") },
    base,
    KEY_BYTES * 8,
  );
  return new Uint8Array(bits);
}
