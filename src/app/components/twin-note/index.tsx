/** Says that this identity runs on another device at the same time, and what that means for the person. */
import { type JSX, Show } from "solid-js";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { createLiveValue } from "../../state/live.ts";

export function TwinNote(): JSX.Element {
  const { t } = useI18n();
  const { api } = useConnection();
  const params = {};
  const status = createLiveValue(api, "status", () => params);
  return (
    <Show when={status.value()?.twin}>
      <section class="banner" aria-labelledby="twin-note">
        <div>
          <h2 id="twin-note">{t("twin.title")}</h2>
          <p>{t("twin.text")}</p>
        </div>
      </section>
    </Show>
  );
}
