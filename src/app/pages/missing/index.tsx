/** An address that leads nowhere. */
import { A } from "@solidjs/router";
import type { JSX } from "solid-js";
import { PageHead } from "../../components/page-head/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { createTitle } from "../../state/title.ts";

export default function Missing(): JSX.Element {
  const { t } = useI18n();
  createTitle(() => t("missing.title"));
  return (
    <>
      <PageHead title={t("missing.title")} lead={t("missing.text")} />
      <div class="page pt-6">
        <A class="button button-primary" href="/">
          {t("missing.home")}
        </A>
      </div>
    </>
  );
}
