/** What came with a backup and waited there to be published: held until the person says that it goes on here, or drops it. */
import { createSignal, type JSX, Show } from "solid-js";
import { useI18n } from "../../i18n/index.tsx";
import { useActions } from "../../state/actions.ts";
import { useConnection } from "../../state/connection.tsx";
import { createLiveValue } from "../../state/live.ts";
import { notify } from "../../state/notices.ts";
import { useArriveWords } from "./words.ts";

export function Held(): JSX.Element {
  const { t } = useArriveWords();
  const { number, t: common } = useI18n();
  const { api } = useConnection();
  const { run } = useActions();
  const live = createLiveValue(api, "arrivals", () => ({}));
  const count = () => live.value()?.held ?? 0;
  const [isSure, setSure] = createSignal(false);

  async function drop(): Promise<void> {
    if (!(await run((peer) => peer.dropHeldArrivals()))) return;
    setSure(false);
    notify(t("held.dropped"));
  }

  return (
    <Show when={count() > 0}>
      <section class="section grid gap-2" data-held={count()}>
        <h2>{t(count() === 1 ? "held.title_one" : "held.title_other", { count: number(count()) })}</h2>
        <p class="max-w-measure text-sm text-soft">{t("held.text")}</p>
        <p class="max-w-measure text-sm">{t("held.twice")}</p>
        <div class="flex flex-wrap gap-2">
          <button type="button" class="button" onClick={() => void run((peer) => peer.resumeArrivals())}>
            {t("held.resume")}
          </button>
          {/* Only the backup still has them. */}
          <Show
            when={isSure()}
            fallback={
              <button type="button" class="button button-quiet" onClick={() => setSure(true)}>
                {t("held.drop")}
              </button>
            }
          >
            <button type="button" class="button button-danger" onClick={() => void drop()}>
              {t("held.sure")}
            </button>
            <button type="button" class="button button-quiet" onClick={() => setSure(false)}>
              {common("app.cancel")}
            </button>
          </Show>
        </div>
      </section>
    </Show>
  );
}
