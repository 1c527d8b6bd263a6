import type { Store } from "../store/port.ts";
import {
  createSigner,
  encodeNodeId,
  entropyFromPhrase,
  identitySeed,
  phraseFromEntropy,
  type NodeKey,
  type Signer,
} from "../wire/index.ts";
import type { Identity } from "./api.ts";
import { PeerError } from "./errors.ts";

const KEY_NAME = "identity";
/** 24 words of BIP-39 carry 256 bits. */
const ENTROPY_BYTES = 32;

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

function isRecord(value: unknown): value is IdentityRecord {
  return (
    typeof value === "object" &&
    value !== null &&
    "entropy" in value &&
    value.entropy instanceof Uint8Array &&
    value.entropy.length === ENTROPY_BYTES &&
    "seed" in value &&
    value.seed instanceof Uint8Array
  );
}

function newRecord(entropy: Uint8Array, createdAt: number): IdentityRecord {
  return { entropy, seed: identitySeed(entropy), createdAt, wordsKept: false, welcomed: "no" };
}

/** The one key of this peer: libp2p identity, author and NodeID are the same (protocol section 1). */
export class OwnIdentity {
  readonly #store: Store;
  #record: IdentityRecord;
  readonly signer: Signer;

  private constructor(store: Store, record: IdentityRecord, signer: Signer) {
    this.#store = store;
    this.#record = record;
    this.signer = signer;
  }

  /** Loads the identity of this store, or makes one: a newcomer can read before choosing a name. */
  static async open(store: Store, ports: IdentityPorts): Promise<OwnIdentity> {
    const stored = await store.key(KEY_NAME);
    const record = isRecord(stored) ? stored : newRecord(ports.randomBytes(ENTROPY_BYTES), ports.now());
    if (record !== stored) await store.commit({ keys: { [KEY_NAME]: record } }, { durability: "strict" });
    return new OwnIdentity(store, record, await createSigner(record.seed));
  }

  /** Writes a restored identity into an empty store; its words are known to be kept, for they were just typed. */
  static async plant(store: Store, entropy: Uint8Array, now: number): Promise<void> {
    const record: IdentityRecord = { ...newRecord(entropy, now), wordsKept: true, welcomed: "yes" };
    await store.commit({ keys: { [KEY_NAME]: record } }, { durability: "strict" });
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

  words(): readonly string[] {
    return phraseFromEntropy(this.#record.entropy);
  }

  async update(patch: Partial<Pick<IdentityRecord, "wordsKept" | "welcomed">>): Promise<void> {
    const record = { ...this.#record, ...patch };
    await this.#store.commit({ keys: { [KEY_NAME]: record } }, { durability: "strict" });
    this.#record = record;
  }
}

/** @throws PeerError `PHRASE_INVALID` */
export function entropyOf(words: string): Uint8Array {
  try {
    return entropyFromPhrase(words);
  } catch (cause) {
    throw new PeerError("PHRASE_INVALID", "These are not the 24 words of an identity.", { cause });
  }
}
