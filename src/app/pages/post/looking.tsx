/** Says quietly that others are being asked for more of a thread. Not a live region: it comes and goes while one reads. */
import { type JSX, Match, Switch } from "solid-js";
import type { FindingView } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";

export function Looking(props: { finding: FindingView | undefined }): JSX.Element {
  const { t } = useI18n();
  return (
    // It keeps its height, so that nothing below it moves.
    <p class="looking" data-state={props.finding?.state}>
      <Switch>
        <Match when={props.finding?.state === "looking"}>{t("finding.replies")}</Match>
        <Match when={props.finding?.more}>{t("finding.more")}</Match>
      </Switch>
    </p>
  );
}
