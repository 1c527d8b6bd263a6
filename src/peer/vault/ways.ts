import * as v from "valibot";
import { equalBytes, toHex } from "../../wire/index.ts";
import type { NewWay, UnlockSecret, WayName } from "../api.ts";
import { PeerError } from "../errors.ts";
import { isSealed, keyFromPasskey, newDataKey, unwrap, wrap, type Sealed } from "./data-key.ts";
import { checkedPassphrase, COST, costOf, stretched, type Cost, type Stretch } from "./stretch.ts";

const SALT_BYTES = 16;
/** Of the secret that the PRF extension of WebAuthn gives (section 10.1.4). */
const PRF_BYTES = 32;
const MAX_CREDENTIAL = 1_023;
/** More passkeys than anybody has devices. */
const MAX_WAYS = 16;

interface PassphraseRecord {
  readonly kind: "passphrase";
  readonly salt: Uint8Array;
  readonly cost: Cost;
  readonly wrapped: Sealed;
}

interface PasskeyRecord {
  readonly kind: "passkey";
  /** WebAuthn's name of the passkey, for the page that asks for it. */
  readonly credential: Uint8Array;
  /** What the passkey's secret is computed from. */
  readonly salt: Uint8Array;
  readonly wrapped: Sealed;
}

export type WayRecord = PassphraseRecord | PasskeyRecord;

export interface VaultRecord {
  readonly version: 1;
  readonly ways: readonly WayRecord[];
}

const bytes = (least: number, most: number) =>
  v.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length >= least && value.length <= most);
const SealedShape = v.custom<Sealed>(isSealed);
const Vault = v.object({
  version: v.literal(1),
  ways: v.pipe(
    v.array(
      v.variant("kind", [
        v.object({
          kind: v.literal("passphrase"),
          salt: bytes(SALT_BYTES, SALT_BYTES),
          cost: v.custom<Cost>((value) => costOf(value) !== null),
          wrapped: SealedShape,
        }),
        v.object({
          kind: v.literal("passkey"),
          credential: bytes(1, MAX_CREDENTIAL),
          salt: bytes(PRF_BYTES, PRF_BYTES),
          wrapped: SealedShape,
        }),
      ]),
    ),
    v.minLength(1),
    v.maxLength(MAX_WAYS),
  ),
});

const NewWayShape = v.variant("kind", [
  v.object({ kind: v.literal("passphrase"), passphrase: v.string() }),
  v.object({
    kind: v.literal("passkey"),
    credential: bytes(1, MAX_CREDENTIAL),
    salt: bytes(PRF_BYTES, PRF_BYTES),
    secret: bytes(PRF_BYTES, PRF_BYTES),
  }),
]);

const SecretShape = v.variant("kind", [
  v.object({ kind: v.literal("passphrase"), passphrase: v.string() }),
  v.object({ kind: v.literal("passkey"), credential: bytes(1, MAX_CREDENTIAL), secret: bytes(PRF_BYTES, PRF_BYTES) }),
]);

/**
 * The vault of a store; `null` where there is none.
 * @throws PeerError `VAULT_DAMAGED`: sealing anew would take away what may still be opened
 */
export function parseVault(stored: unknown): VaultRecord | null {
  if (stored === undefined) return null;
  const result = v.safeParse(Vault, stored);
  if (!result.success) throw new PeerError("VAULT_DAMAGED", "How this store is unlocked cannot be read.");
  return result.output;
}

/** A vault with one way to unlock it, and the secret of its data key, which the caller overwrites after use. */
export async function createVault(way: unknown, stretch: Stretch): Promise<{ vault: VaultRecord; secret: Uint8Array }> {
  const secret = newDataKey();
  try {
    return { vault: { version: 1, ways: [await recordOf(parseWay(way), secret, stretch)] }, secret };
  } catch (error) {
    secret.fill(0);
    throw error;
  }
}

/**
 * The secret of the data key.
 * @throws PeerError `PASSPHRASE_WRONG`, `PASSKEY_WRONG`, `WAY_INVALID`
 */
export async function openVault(vault: VaultRecord, present: unknown, stretch: Stretch): Promise<Uint8Array> {
  const secret = parseSecret(present);
  for (const way of vault.ways) {
    const under = await wrapperOf(way, secret, stretch);
    if (under === null) continue;
    const opened = await unwrap(under, placeOf(way), way.wrapped).finally(() => under.fill(0));
    if (opened !== null) return opened;
  }
  if (secret.kind === "passkey") throw new PeerError("PASSKEY_WRONG", "This passkey does not unlock this.");
  throw new PeerError("PASSPHRASE_WRONG", "This passphrase does not unlock this.");
}

/** With another way to unlock; a passphrase takes the place of the one before, a passkey that of itself. */
export async function addWay(
  vault: VaultRecord,
  way: unknown,
  secret: Uint8Array,
  stretch: Stretch,
): Promise<VaultRecord> {
  const added = await recordOf(parseWay(way), secret, stretch);
  const others = vault.ways.filter((known) => !isSame(known, added));
  if (others.length >= MAX_WAYS) throw new PeerError("WAY_INVALID", "There are too many ways to unlock already.");
  return { ...vault, ways: [...others, added] };
}

/**
 * Without this way to unlock; `null` when it was the last.
 * @throws PeerError `WAY_UNKNOWN`
 */
export function removeWay(vault: VaultRecord, name: WayName): VaultRecord | null {
  const ways = vault.ways.filter((known) => !isSame(known, name));
  if (ways.length === vault.ways.length) throw new PeerError("WAY_UNKNOWN", "There is no such way to unlock.");
  return ways.length === 0 ? null : { ...vault, ways };
}

function isSame(a: WayName, b: WayName): boolean {
  if (a.kind === "passkey" && b.kind === "passkey") return equalBytes(a.credential, b.credential);
  return a.kind === b.kind;
}

async function recordOf(way: NewWay, secret: Uint8Array, stretch: Stretch): Promise<WayRecord> {
  if (way.kind === "passphrase") {
    const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
    const under = await stretched(stretch, checkedPassphrase(way.passphrase), salt, COST);
    const wrapped = await wrapOnce(under, placeOf({ kind: "passphrase", salt }), secret);
    return { kind: "passphrase", salt, cost: COST, wrapped };
  }
  const { credential, salt } = way;
  const under = await keyFromPasskey(way.secret, salt);
  return {
    kind: "passkey",
    credential,
    salt,
    wrapped: await wrapOnce(under, placeOf({ kind: "passkey", salt }), secret),
  };
}

/** The wrapping key is overwritten: whoever unlocks makes it anew. */
async function wrapOnce(under: Uint8Array, place: string, secret: Uint8Array): Promise<Sealed> {
  try {
    return await wrap(under, place, secret);
  } finally {
    under.fill(0);
  }
}

/** What this secret makes of this way; `null` when it is a secret of another. */
async function wrapperOf(way: WayRecord, secret: UnlockSecret, stretch: Stretch): Promise<Uint8Array | null> {
  if (way.kind === "passphrase") {
    return secret.kind === "passphrase" ? await stretched(stretch, secret.passphrase, way.salt, way.cost) : null;
  }
  if (secret.kind !== "passkey" || !equalBytes(secret.credential, way.credential)) return null;
  return await keyFromPasskey(secret.secret, way.salt);
}

function placeOf({ kind, salt }: Pick<WayRecord, "kind" | "salt">): string {
  return `vault\0${kind}\0${toHex(salt)}`;
}

function parseWay(way: unknown): NewWay {
  const result = v.safeParse(NewWayShape, way);
  if (!result.success) throw new PeerError("WAY_INVALID", "This is no way to unlock.");
  return result.output;
}

function parseSecret(secret: unknown): UnlockSecret {
  const result = v.safeParse(SecretShape, secret);
  if (!result.success) throw new PeerError("WAY_INVALID", "This is no passphrase and no passkey.");
  return result.output;
}
