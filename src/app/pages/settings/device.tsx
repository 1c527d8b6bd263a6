/** What this device does with the app: installing it, its icon, links to it, opening it without a network, its version. */
import { createSignal, type JSX, Match, Show, Switch } from "solid-js";
import { CheckField } from "../../components/check-field/index.tsx";
import { InstallButton } from "../../components/install-line/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { WAYS_OUT } from "../../shell/held.tsx";
import { SITE } from "../../site.ts";
import { BADGE_SUPPORTED, badgeOn, switchBadge } from "../../state/badge.ts";
import { installWay } from "../../state/install.ts";
import { notify } from "../../state/notices.ts";
import { BUILD, offlineStart } from "../../state/updates.ts";

function Installing(): JSX.Element {
  const { t } = useI18n();
  return (
    <div class="grid justify-items-start gap-2">
      <h3 class="field-label font-sans">{t("device.install")}</h3>
      <Switch fallback={<p class="text-sm text-soft">{t("device.install.none")}</p>}>
        <Match when={installWay() === "installed"}>
          <p class="text-sm text-soft">{t("device.install.is")}</p>
        </Match>
        <Match when={installWay() === "hint"}>
          <p class="text-sm text-soft">{t("install.ios")}</p>
        </Match>
        <Match when={installWay() === "prompt"}>
          <p class="text-sm text-soft">{t("install.text")}</p>
          <InstallButton />
        </Match>
      </Switch>
    </div>
  );
}

function Badge(): JSX.Element {
  const { t } = useI18n();
  return (
    <CheckField words={t("device.badge")} hint={t("device.badge.hint")} checked={badgeOn()} onChange={switchBadge} />
  );
}

function Links(): JSX.Element {
  const { t } = useI18n();
  const [asked, setAsked] = createSignal(false);
  function ask() {
    try {
      navigator.registerProtocolHandler("web+mehr", `${SITE}open#%s`);
      setAsked(true);
    } catch (error) {
      // Not a secure context, or a browser that gives pages no schemes.
      notify(t("device.links.failed", { reason: error instanceof DOMException ? error.name : String(error) }));
    }
  }
  return (
    <div class="grid justify-items-start gap-2">
      <h3 class="field-label font-sans">{t("device.links")}</h3>
      <p class="text-sm text-soft">{t("device.links.text")}</p>
      <button type="button" class="button" onClick={ask}>
        {t("device.links.button")}
      </button>
      <p class="field-hint" role="status">
        {asked() ? t("device.links.asked") : ""}
      </p>
    </div>
  );
}

export function Device(): JSX.Element {
  const { t } = useI18n();
  return (
    <section class="section grid gap-6" id="device">
      <h2>{t("device.title")}</h2>
      <Installing />
      <Show when={BADGE_SUPPORTED}>
        <Badge />
      </Show>
      <Show when={"registerProtocolHandler" in navigator}>
        <Links />
      </Show>
      <dl class="facts">
        <dt>{t("device.offline")}</dt>
        <dd data-offline={offlineStart()}>{t(`device.offline.${offlineStart()}`)}</dd>
        <dt>{t("device.version")}</dt>
        <dd>
          <code dir="ltr">{BUILD}</code>
        </dd>
      </dl>
      <p>
        <a class="link" href={WAYS_OUT} rel="external">
          {t("device.out")}
        </a>
      </p>
    </section>
  );
}
