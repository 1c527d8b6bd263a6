/** Whether this peer brings what its town endorses to wider places and topics. */
import type { JSX } from "solid-js";
import type { Settings } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { useActions } from "../../state/actions.ts";
import { Choice } from "./choice.tsx";

export function Relay(props: { settings: Settings }): JSX.Element {
  const { t } = useI18n();
  const { updateSettings } = useActions();
  return (
    <div class="grid gap-2">
      <Choice
        legend={t("relay.title")}
        value={props.settings.relay}
        options={[
          { value: "auto", words: t("relay.auto") },
          { value: "on", words: t("relay.on") },
          { value: "off", words: t("relay.off") },
        ]}
        onChange={(relay) => void updateSettings({ relay })}
      />
      <p class="max-w-measure text-sm text-soft">{t("relay.hint")}</p>
    </div>
  );
}
