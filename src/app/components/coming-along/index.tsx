/** Posts from elsewhere that wait here and go along with a backup: held where it comes to, so that no two devices publish them. */
import { A } from "@solidjs/router";
import { type JSX, Show } from "solid-js";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { createLiveValue } from "../../state/live.ts";

export function ComingAlong(): JSX.Element {
  const { t, number } = useI18n();
  const { api } = useConnection();
  const live = createLiveValue(api, "arrivals", () => ({}));
  const count = () => (live.value()?.waiting ?? 0) + (live.value()?.held ?? 0);
  return (
    <Show when={count() > 0}>
      <div class="note text-sm" data-along={count()}>
        <p>{t(count() === 1 ? "backup.waiting_one" : "backup.waiting_other", { count: number(count()) })}</p>
        <p>
          <A class="link" href="/arrive">
            {t("backup.waiting.see")}
          </A>
        </p>
      </div>
    </Show>
  );
}
