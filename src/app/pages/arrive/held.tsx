/** What came with a backup and waited there to be published: held until the person says that it goes on here, or drops it. */
import { createSignal, For, type JSX, Show } from "solid-js";
import { useI18n } from "../../i18n/index.tsx";
import { useActions } from "../../state/actions.ts";
import { useConnection } from "../../state/connection.tsx";
import type { ArrivalsView } from "../../../peer/api.ts";
import { createLiveRows, createLiveValue } from "../../state/live.ts";
import { notify } from "../../state/notices.ts";
import { displayLine } from "../../text/display.ts";
import { useArriveWords } from "./words.ts";

export function Held(): JSX.Element {
  const { t } = useArriveWords();
  const { number, t: common } = useI18n();
  const { api } = useConnection();
  const { run } = useActions();
  const live = createLiveValue(api, "arrivals", () => ({}));
  const first = createLiveRows(
    api,
    "heldArrivals",
    () => ({}),
    (row) => row.id,
  );
  const count = () => live.value()?.held ?? 0;
  const doubted = () => live.value()?.doubted ?? 0;
  const [isSure, setSure] = createSignal(false);

  async function resume(): Promise<void> {
    const before = count();
    let view: ArrivalsView | undefined;
    if (!(await run(async (peer) => (view = await peer.resumeArrivals())))) return;
    if (view !== undefined && view.held >= before) notify(t("held.full"));
  }

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
        {/* Who says that it goes on sees whose words these are: a file brought them. */}
        <ul class="rows" data-part="held">
          <For each={first.rows()}>
            {(one) => (
              <li class="grid gap-1 py-2">
                <p class="row-name isolate-text" dir="auto">
                  {displayLine(one.words) || t("held.wordless")}
                </p>
                <Show when={one.doubted}>
                  <p class="text-xs text-faint">{t("held.out")}</p>
                </Show>
              </li>
            )}
          </For>
        </ul>
        <Show when={count() > first.rows().length && first.rows().length > 0}>
          <p class="text-sm text-faint">{t("held.more", { count: number(count() - first.rows().length) })}</p>
        </Show>
        <p class="max-w-measure text-sm">{t("held.twice")}</p>
        <Show when={doubted() > 0}>
          <p class="max-w-measure text-sm">
            {t(doubted() === 1 ? "held.doubted_one" : "held.doubted_other", { count: number(doubted()) })}
          </p>
        </Show>
        <div class="flex flex-wrap gap-2">
          <button type="button" class="button" onClick={() => void resume()}>
            {t(doubted() === count() ? "held.anyway" : "held.resume")}
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
