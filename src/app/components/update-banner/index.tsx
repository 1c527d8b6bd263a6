/** Says that a newer version waits; it is used when the person says so. */
import { type JSX, Show } from "solid-js";
import { useI18n } from "../../i18n/index.tsx";
import { applying, applyUpdate, updateReady } from "../../state/updates.ts";

export function UpdateBanner(): JSX.Element {
  const { t } = useI18n();
  return (
    <Show when={updateReady()}>
      <section class="banner" aria-labelledby="update-banner">
        <div>
          <h2 id="update-banner">{t("settings.update")}</h2>
          <p>{t("settings.update.text")}</p>
        </div>
        <button type="button" class="button button-small" disabled={applying()} onClick={applyUpdate}>
          {t(applying() ? "settings.update.applying" : "settings.update.apply")}
        </button>
      </section>
    </Show>
  );
}
