/** Shown when the peer could not start or has died: what happened, what is safe, what can be done. */
import { A } from "@solidjs/router";
import { type JSX, Show } from "solid-js";
import { PageHead } from "../../components/page-head/index.tsx";
import { type Messages, useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { createTitle } from "../../state/title.ts";
import { WAYS_OUT } from "../../shell/held.tsx";

export default function Failed(): JSX.Element {
  const { t, messages } = useI18n();
  const { state, restart } = useConnection();
  createTitle(() => t("failed.title"));
  const code = () => {
    const current = state();
    return current.kind === "failed" ? current.code : "";
  };
  const explained = () => {
    const key = `failed.${code()}`;
    return key in messages() ? t(key as keyof Messages) : undefined;
  };
  return (
    <div role="alert">
      <PageHead title={t("failed.title")} lead={t("failed.text")} />
      <div class="page grid justify-items-start gap-4 pt-6">
        <Show when={explained()}>
          <p>{explained()}</p>
        </Show>
        <p class="text-sm text-faint">{t("failed.code", { code: code() })}</p>
        <div class="flex flex-wrap gap-3">
          <button type="button" class="button button-primary" onClick={() => restart()}>
            {t("failed.restart")}
          </button>
          <a class="button" href={WAYS_OUT} rel="external">
            {t("failed.out")}
          </a>
          <A class="button" href="/diagnostics">
            {t("diagnostics.find")}
          </A>
        </div>
      </div>
    </div>
  );
}
