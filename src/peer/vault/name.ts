/** Name of the vault among the keys of a store: it says how to unlock, so it lies in the clear. */
export const VAULT_KEY = "vault";
