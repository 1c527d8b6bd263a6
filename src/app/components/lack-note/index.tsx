/** Says that this browser cannot make direct links, where a person would wonder why nothing arrives. */
import { type JSX, Show } from "solid-js";
import { useI18n } from "../../i18n/index.tsx";

/** Extensions and hardened browsers take the class away. It does not come back while the page is open. */
const NO_LINKS = !("RTCPeerConnection" in window) || window.RTCPeerConnection === undefined;

export function LackNote(): JSX.Element {
  const { t } = useI18n();
  return (
    <Show when={NO_LINKS}>
      <section class="banner" aria-labelledby="lack-note">
        <div>
          <h2 id="lack-note">{t("lack.rtc.title")}</h2>
          <p>{t("lack.rtc.text")}</p>
        </div>
      </section>
    </Show>
  );
}
