/** Asks before many posts are published at once, and says how long that takes. */
import { type JSX, Show } from "solid-js";
import type { ScopeKey } from "../../../peer/api.ts";
import { Dialog } from "../../components/dialog/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { createLiveValue } from "../../state/live.ts";
import { useArriveWords } from "./words.ts";

export function Sure(props: {
  count: number;
  scopes: readonly ScopeKey[];
  onYes: () => void;
  onNo: () => void;
}): JSX.Element {
  const { t } = useArriveWords();
  const { moment, number } = useI18n();
  const { api } = useConnection();
  const live = createLiveValue(api, "arrivals", () => ({ scopes: [...props.scopes] }));
  const doneAt = () => {
    const view = live.value();
    return view === undefined ? undefined : (view.doneAt ?? Date.now()) + (props.count - 1) * view.interval;
  };
  return (
    <Dialog
      title={t(props.count === 1 ? "sure.title_one" : "sure.title_other", { count: number(props.count) })}
      onClose={() => props.onNo()}
    >
      <div class="grid gap-4">
        <p>{t(props.scopes.length === 0 ? "sure.trusted" : "sure.text")}</p>
        <Show when={doneAt()}>
          {(when) => <p class="text-sm text-soft">{t("sure.pace", { when: moment(when()) })}</p>}
        </Show>
        <div class="flex flex-wrap gap-3">
          <button type="button" class="button button-primary" onClick={() => props.onYes()}>
            {t("sure.yes")}
          </button>
          <button type="button" class="button" onClick={() => props.onNo()}>
            {t("sure.no")}
          </button>
        </div>
      </div>
    </Dialog>
  );
}
