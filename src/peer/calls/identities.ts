import type { PeerApi } from "../api.ts";
import { PeerError } from "../errors.ts";
import type { OriginCore } from "../identities/core.ts";

type IdentitiesCall =
  | "createIdentity"
  | "switchIdentity"
  | "removeIdentity"
  | "restore"
  | "restoreBackup"
  | "mergeBackup"
  | "deleteEverything";

export function identitiesCalls(origin: OriginCore): Pick<PeerApi, IdentitiesCall> {
  const { catalogue, keyring, ports } = origin;

  return {
    createIdentity: () =>
      origin.inTurn(async () => {
        const key = await catalogue.add("ready");
        await origin.anew(() => catalogue.choose(key));
      }),

    switchIdentity: (key) =>
      origin.inTurn(async () => {
        if (catalogue.entry(key) === catalogue.current) return;
        await origin.anew(() => catalogue.choose(key));
      }),

    removeIdentity: (key) =>
      origin.inTurn(async () => {
        const { current } = catalogue;
        catalogue.entry(key);
        const next = catalogue.entries.find((entry) => entry.key !== key);
        if (next === undefined) throw new PeerError("IDENTITY_LAST", "It is the only one; delete everything instead.");
        const remove = async (): Promise<void> => {
          if (key === current.key) await catalogue.choose(next.key);
          await catalogue.remove(key);
          keyring.forget(key);
        };
        if (key === current.key) return await origin.anew(remove);
        await remove();
        origin.invalidate("identities");
      }),

    restore: (words) =>
      origin.inTurn(async () => {
        const { restoreWords } = await restoring();
        return await restoreWords(origin, words);
      }),

    restoreBackup: (file, options = {}) =>
      origin.inTurn(async () => {
        const { restoreFile } = await restoring();
        return await restoreFile(origin, file, options);
      }),

    mergeBackup: (file, options = {}) =>
      origin.inTurn(async () => {
        const { mergeFile } = await restoring();
        return await mergeFile(origin, file, options);
      }),

    deleteEverything: () =>
      origin.inTurn(async () => {
        await origin.end();
        keyring.clear();
        await catalogue.destroy();
        await ports.clearCaches();
      }),
  };
}

/** Loaded by those who come back, which few do and nobody often. */
function restoring(): Promise<typeof import("../identities/restore.ts")> {
  return import("../identities/restore.ts");
}
