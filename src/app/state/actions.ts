/** Calls whose failure is told in a notice, so that no press of a button ends in silence. */
import type { PeerApi, Settings } from "../../peer/api.ts";
import { useI18n } from "../i18n/index.tsx";
import { useConnection } from "./connection.tsx";
import { codeOf } from "./errors.ts";
import { tellFull } from "./full-storage.ts";
import { notify } from "./notices.ts";

export interface Actions {
  /** Resolves with true when it was done. */
  run(call: (api: PeerApi) => Promise<unknown>): Promise<boolean>;
  updateSettings(patch: Partial<Settings>): Promise<boolean>;
}

export function useActions(): Actions {
  const i18n = useI18n();
  const { t } = i18n;
  const { api } = useConnection();
  async function run(call: (api: PeerApi) => Promise<unknown>): Promise<boolean> {
    const peer = api();
    if (!peer) return false;
    try {
      await call(peer);
      return true;
    } catch (error) {
      const code = codeOf(error);
      if (code === "STORE_QUOTA") await tellFull(peer, i18n);
      else notify(code === "HISTORY_PENDING" ? t("history.pending") : t("settings.failed", { code }));
      return false;
    }
  }
  return { run, updateSettings: (patch) => run((api) => api.updateSettings(patch)) };
}
