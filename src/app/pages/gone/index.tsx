/** Shown when everything was deleted: nothing runs, and nothing is stored until somebody starts anew. */
import { useHref } from "@solidjs/router";
import type { JSX } from "solid-js";
import { PageHead } from "../../components/page-head/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { createTitle } from "../../state/title.ts";

export default function Gone(): JSX.Element {
  const { t } = useI18n();
  const home = useHref(() => "/");
  createTitle(() => t("gone.title"));
  return (
    <div role="status">
      <PageHead title={t("gone.title")} lead={t("gone.text")} />
      <div class="page pt-6">
        <button type="button" class="button" onClick={() => window.location.assign(home() ?? "/")}>
          {t("gone.anew")}
        </button>
      </div>
    </div>
  );
}
