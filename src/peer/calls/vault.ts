import type { PeerApi } from "../api.ts";
import { PeerError } from "../errors.ts";
import type { OriginCore } from "../identities/core.ts";

type VaultCall = "unlock" | "lock" | "stayOpen" | "protect" | "unprotect";

export function vaultCalls(origin: OriginCore): Pick<PeerApi, VaultCall> {
  const { catalogue, keyring } = origin;
  const { log, stretch } = origin.ports;
  const onDamage = (what: string, error: unknown): void => log(`sealed ${what}`, error);
  const current = (): string => catalogue.current.key;

  return {
    unlock: (present) =>
      origin.inTurn(async () => {
        const { DataKey, openVault, parseVault } = await vaultCode();
        const vault = parseVault(origin.vault);
        if (vault === null || origin.runs) return;
        const secret = await openVault(vault, present, stretch);
        const { base } = await DataKey.fromSecret(secret).finally(() => secret.fill(0));
        await origin.open(base);
        keyring.keep(current(), base);
        origin.invalidate("identities");
      }),

    lock: () =>
      origin.inTurn(async () => {
        const isOpen = origin.vault !== undefined && origin.runs;
        keyring.clear();
        origin.invalidate("identities");
        // A worker that is ended takes with it whatever of the keys is left in its memory.
        if (isOpen) await origin.anew(() => Promise.resolve());
      }),

    async stayOpen() {
      origin.stayOpen();
    },

    protect: (way, present) =>
      origin.inTurn(async () => {
        const { addWay, createVault, DataKey, openVault, parseVault, sealedBatch } = await vaultCode();
        const vault = parseVault(origin.vault);
        if (vault !== null) {
          const secret = await openVault(vault, present, stretch);
          try {
            await origin.saveVault(await addWay(vault, way, secret, stretch));
          } finally {
            secret.fill(0);
          }
          return;
        }
        const made = await createVault(way, stretch);
        const key = await DataKey.fromSecret(made.secret).finally(() => made.secret.fill(0));
        await origin.anew(async () => {
          const store = await origin.ports.databases.open(current());
          try {
            await store.commit(await sealedBatch(store, key, made.vault), { durability: "strict" });
          } finally {
            await store.close();
          }
          keyring.keep(current(), key.base);
          await catalogue.update(current(), { sealed: true });
        });
      }),

    unprotect: (way, present) =>
      origin.inTurn(async () => {
        const { clearBatch, DataKey, openVault, parseVault, removeWay } = await vaultCode();
        const vault = parseVault(origin.vault);
        if (vault === null) throw new PeerError("WAY_UNKNOWN", "Nothing is encrypted here.");
        const secret = await openVault(vault, present, stretch);
        let key: Awaited<ReturnType<typeof DataKey.fromSecret>>;
        try {
          const left = removeWay(vault, way);
          if (left !== null) return await origin.saveVault(left);
          key = await DataKey.fromSecret(secret);
        } finally {
          secret.fill(0);
        }
        await origin.anew(async () => {
          const store = await origin.ports.databases.open(current());
          try {
            await store.commit(await clearBatch(store, key, onDamage), { durability: "strict" });
          } finally {
            await store.close();
          }
          keyring.forget(current());
          await catalogue.update(current(), { sealed: false });
        });
      }),
  };
}

/** Loaded where somebody encrypts: everybody else starts without it. */
function vaultCode(): Promise<typeof import("../vault/index.ts")> {
  return import("../vault/index.ts");
}
