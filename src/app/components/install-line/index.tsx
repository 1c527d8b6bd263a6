/** Offers to install the app, in one line, when it has been of use; "not now" holds for half a year. */
import { type JSX, Show } from "solid-js";
import { useI18n } from "../../i18n/index.tsx";
import { codeOf } from "../../state/errors.ts";
import { install, installOffered, installWay, putOffInstall } from "../../state/install.ts";
import { notify } from "../../state/notices.ts";

export function InstallLine(): JSX.Element {
  const { t } = useI18n();
  return (
    <Show when={installOffered()}>
      <section class="banner" aria-labelledby="install-line">
        <div>
          <h2 id="install-line">{t("install.title")}</h2>
          <p>{t(installWay() === "hint" ? "install.ios" : "install.text")}</p>
        </div>
        <div class="flex flex-none flex-wrap gap-2">
          <Show when={installWay() === "prompt"}>
            <InstallButton small />
          </Show>
          <button type="button" class="button button-quiet button-small" onClick={putOffInstall}>
            {t("install.later")}
          </button>
        </div>
      </section>
    </Show>
  );
}

export function InstallButton(props: { small?: boolean }): JSX.Element {
  const { t } = useI18n();
  return (
    <button
      type="button"
      class="button"
      classList={{ "button-small": props.small ?? false }}
      onClick={() => {
        install().catch((error: unknown) => notify(t("settings.failed", { code: codeOf(error) })));
      }}
    >
      {t("install.button")}
    </button>
  );
}
