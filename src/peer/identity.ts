import * as v from "valibot";
import { StoreError } from "../store/errors.ts";
import type { Store } from "../store/port.ts";
import { Serial } from "../store/serial.ts";
import { createSigner, encodeNodeId, type NodeKey, type Signer } from "../wire/index.ts";
import type { Identity } from "./api.ts";
import { PeerError } from "./errors.ts";
import { HISTORY_PENDING } from "./history.ts";
import type { PeerPorts } from "./ports.ts";

const KEY_NAME = "identity";
/** 24 words of BIP-39 carry 256 bits. */
const ENTROPY_BYTES = 32;
/** Of an Ed25519 private key (RFC 8032). */
const SEED_BYTES = 32;

interface IdentityRecord {
  readonly entropy: Uint8Array;
  /** Follows from `entropy`; kept because deriving it takes 50 ms (measured), which every start would wait for. */
  readonly seed: Uint8Array;
  readonly createdAt: number;
  readonly wordsKept: boolean;
  readonly welcomed: Identity["welcomed"];
}

export interface IdentityPorts {
  readonly now: () => number;
  readonly randomBytes: (length: number) => Uint8Array;
}

export function identityPorts({ clock, randomBytes }: Pick<PeerPorts, "clock" | "randomBytes">): IdentityPorts {
  return { now: () => clock.now(), randomBytes };
}

const Stored = v.object({
  entropy: bytesOf(ENTROPY_BYTES),
  seed: v.fallback(v.nullable(bytesOf(SEED_BYTES)), null),
  createdAt: v.fallback(v.number(), 0),
  wordsKept: v.fallback(v.boolean(), false),
  welcomed: v.fallback(v.picklist(["no", "later", "yes"]), "no"),
});

function bytesOf(length: number) {
  return v.pipe(
    v.instance(Uint8Array),
    v.check((bytes) => bytes.length === length),
  );
}

/**
 * The identity that is stored. Everything but the words themselves can be made again.
 * @throws PeerError `IDENTITY_DAMAGED`: a new identity in its place would destroy what may still be read by hand
 */
async function recordOf(stored: unknown): Promise<IdentityRecord> {
  const result = v.safeParse(Stored, stored);
  if (!result.success) throw new PeerError("IDENTITY_DAMAGED", "The stored key cannot be read.");
  const { entropy, seed } = result.output;
  return { ...result.output, seed: seed ?? (await seedOf(entropy)) };
}

async function newRecord(entropy: Uint8Array, createdAt: number): Promise<IdentityRecord> {
  return { entropy, seed: await seedOf(entropy), createdAt, wordsKept: false, welcomed: "no" };
}

/** What an identity is restored from. */
export interface Planted {
  readonly entropy: Uint8Array;
  readonly createdAt: number;
  readonly wordsKept: boolean;
}

/** @throws PeerError `IDENTITY_DAMAGED` */
async function storedKey(store: Store): Promise<unknown> {
  try {
    return await store.key(KEY_NAME);
  } catch (cause) {
    if (!(cause instanceof StoreError && cause.code === "STORE_DAMAGED")) throw cause;
    throw new PeerError("IDENTITY_DAMAGED", "The stored key cannot be read.", { cause });
  }
}

/** The one key of this peer: libp2p identity, author and NodeID are the same (protocol section 1). */
export class OwnIdentity {
  readonly #store: Store;
  #record: IdentityRecord;
  /** One after the other: each writes the whole record. */
  readonly #updates = new Serial();
  readonly signer: Signer;

  private constructor(store: Store, record: IdentityRecord, signer: Signer) {
    this.#store = store;
    this.#record = record;
    this.signer = signer;
  }

  /** Loads the identity of this store, or makes one: a newcomer can read before choosing a name. */
  static async open(store: Store, ports: IdentityPorts): Promise<OwnIdentity> {
    const stored = await storedKey(store);
    if (stored !== undefined) {
      const record = await recordOf(stored);
      return new OwnIdentity(store, record, await createSigner(record.seed));
    }
    const record = await newRecord(ports.randomBytes(ENTROPY_BYTES), ports.now());
    await store.commit({ keys: { [KEY_NAME]: record } }, { durability: "strict" });
    return new OwnIdentity(store, record, await createSigner(record.seed));
  }

  /** Writes a restored identity into an empty store; what it wrote elsewhere is to be looked for. */
  static async plant(store: Store, { createdAt, entropy, wordsKept }: Planted): Promise<void> {
    const record: IdentityRecord = { ...(await newRecord(entropy, createdAt)), wordsKept, welcomed: "yes" };
    await store.commit({ keys: { [KEY_NAME]: record }, settings: HISTORY_PENDING }, { durability: "strict" });
  }

  /** The Ed25519 seed, for the mesh: its identity is this one. */
  get seed(): Uint8Array {
    return this.#record.seed;
  }

  get key(): NodeKey {
    return this.signer.publicKey;
  }

  view(): Identity {
    const { createdAt, wordsKept, welcomed } = this.#record;
    return { id: encodeNodeId(this.key), createdAt, wordsKept, welcomed };
  }

  /** For a backup, which goes nowhere but where the person puts it. */
  secret(): Pick<IdentityRecord, "entropy" | "createdAt" | "wordsKept"> {
    return this.#record;
  }

  async words(): Promise<readonly string[]> {
    return (await phraseCode()).phraseFromEntropy(this.#record.entropy);
  }

  update(patch: Partial<Pick<IdentityRecord, "wordsKept" | "welcomed">>): Promise<void> {
    return this.#updates.run(async () => {
      const record = { ...this.#record, ...patch };
      await this.#store.commit({ keys: { [KEY_NAME]: record } }, { durability: "strict" });
      this.#record = record;
    });
  }
}

/** The Ed25519 seed of an identity with this entropy, 32 bytes of 32. */
export async function seedOf(entropy: Uint8Array): Promise<Uint8Array> {
  return (await phraseCode()).identitySeed(entropy);
}

/** @throws PeerError `PHRASE_INVALID` */
export async function entropyOf(words: string): Promise<Uint8Array> {
  const { entropyFromPhrase } = await phraseCode();
  try {
    return entropyFromPhrase(words);
  } catch (cause) {
    throw new PeerError("PHRASE_INVALID", "These are not the 24 words of an identity.", { cause });
  }
}

/** Most starts need nothing of it: the seed is stored. */
function phraseCode(): Promise<typeof import("../wire/phrase.ts")> {
  return import("../wire/phrase.ts");
}
