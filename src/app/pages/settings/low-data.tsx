/** Whether feeds tell of posts rather than bring them. */
import type { JSX } from "solid-js";
import type { Settings } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { useActions } from "../../state/actions.ts";
import { Choice } from "./choice.tsx";

export function LowData(props: { settings: Settings }): JSX.Element {
  const { t } = useI18n();
  const { updateSettings } = useActions();
  return (
    <div class="grid gap-2" id="low-data">
      <Choice
        legend={t("lowData.title")}
        value={props.settings.lowData}
        options={[
          { value: "auto", words: t("lowData.auto") },
          { value: "on", words: t("lowData.on") },
          { value: "off", words: t("lowData.off") },
        ]}
        onChange={(lowData) => void updateSettings({ lowData })}
      />
      <p class="max-w-measure text-sm text-soft">{t("lowData.hint")}</p>
    </div>
  );
}
