/** The way back from a page about one thing: to where the reader came from, or, from outside, to where the page belongs. */
import { useNavigate } from "@solidjs/router";
import type { JSX } from "solid-js";
import { useI18n } from "../../i18n/index.tsx";
import { canGoBack } from "../../state/back.ts";
import { Icon } from "../icon/index.tsx";

export function BackBar(props: { otherwise: string }): JSX.Element {
  const { t } = useI18n();
  const navigate = useNavigate();
  return (
    <div class="flex px-2 pt-2">
      <button
        type="button"
        class="button button-small button-quiet"
        onClick={() => (canGoBack() ? navigate(-1) : navigate(props.otherwise))}
      >
        <Icon name="back" small turns />
        {t("app.back")}
      </button>
    </div>
  );
}
