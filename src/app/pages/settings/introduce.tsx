/** Whether this peer introduces its neighbours to each other. */
import type { JSX } from "solid-js";
import type { Settings } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { useActions } from "../../state/actions.ts";
import { Choice } from "./choice.tsx";

export function Introduce(props: { settings: Settings }): JSX.Element {
  const { t } = useI18n();
  const { updateSettings } = useActions();
  return (
    <div class="grid gap-2">
      <Choice
        legend={t("introduce.title")}
        value={props.settings.introduce}
        options={[
          { value: "auto", words: t("introduce.auto") },
          { value: "on", words: t("introduce.on") },
          { value: "off", words: t("introduce.off") },
        ]}
        onChange={(introduce) => void updateSettings({ introduce })}
      />
      <p class="max-w-measure text-sm text-soft">{t("introduce.hint")}</p>
    </div>
  );
}
