/** The two ways to get linked with somebody without a server. */
import { A } from "@solidjs/router";
import type { JSX } from "solid-js";
import { useI18n } from "../../i18n/index.tsx";

export function Invitation(): JSX.Element {
  const { t } = useI18n();
  return (
    <div class="flex flex-wrap gap-3">
      <A class="button" href="/join?invite=1">
        {t("invite.open")}
      </A>
      <A class="button" href="/join">
        {t("invite.join")}
      </A>
    </div>
  );
}
