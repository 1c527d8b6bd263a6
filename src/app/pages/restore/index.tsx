/** Becomes the identity of 24 words or of a backup file, beside those that are here. */
import { A } from "@solidjs/router";
import type { JSX } from "solid-js";
import { PageHead } from "../../components/page-head/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { createTitle } from "../../state/title.ts";
import { FromFile } from "./from-file.tsx";
import { FromWords } from "./from-words.tsx";

export default function Restore(): JSX.Element {
  const { t } = useI18n();
  createTitle(() => t("restore.title"));
  return (
    <>
      <PageHead title={t("restore.title")} lead={t("restore.stays")} />
      <div class="page settings">
        <FromWords />
        <FromFile />
        <section class="section">
          <h2>{t("moving.restore")}</h2>
          <A class="button" href="/devices">
            {t("moving.device")}
          </A>
        </section>
      </div>
    </>
  );
}
