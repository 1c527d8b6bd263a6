/** Shown while another tab of this site runs the peer. */
import type { JSX } from "solid-js";
import { PageHead } from "../../components/page-head/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { createTitle } from "../../state/title.ts";

export default function Elsewhere(): JSX.Element {
  const { t } = useI18n();
  const { takeOver } = useConnection();
  createTitle(() => t("elsewhere.title"));
  return (
    <>
      <PageHead title={t("elsewhere.title")} lead={t("elsewhere.text")} />
      <div class="page pt-6">
        <button type="button" class="button button-primary" onClick={() => takeOver()}>
          {t("elsewhere.take")}
        </button>
      </div>
    </>
  );
}
