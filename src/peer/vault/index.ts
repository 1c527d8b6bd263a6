/**
 * vault: the private records of a store, sealed while they lie on disk. One random data key seals them; each way to unlock
 * (a passphrase, a passkey) wraps that key, so ways come and go without sealing anything anew. docs/security.md,
 * "Keys at rest", says what stays in the clear.
 *
 * Loaded only where somebody has set a way to unlock, or is about to.
 */
export { DataKey, isSealed, type Sealed } from "./data-key.ts";
export { VAULT_KEY } from "./name.ts";
export { decodePlain, encodePlain } from "./plain.ts";
export { clearBatch, sealedBatch, sealedStore } from "./sealed-store.ts";
export { checkedPassphrase, COST, type Cost, costOf, stretched, type Stretch } from "./stretch.ts";
export { addWay, createVault, openVault, parseVault, removeWay, type VaultRecord, type WayRecord } from "./ways.ts";
