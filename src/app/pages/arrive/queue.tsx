/** What was given earlier and is being published, a few an hour. */
import { type JSX, Show } from "solid-js";
import { useI18n } from "../../i18n/index.tsx";
import { useActions } from "../../state/actions.ts";
import { useConnection } from "../../state/connection.tsx";
import { createLiveValue } from "../../state/live.ts";
import { notify } from "../../state/notices.ts";
import { useArriveWords } from "./words.ts";

export function Queue(): JSX.Element {
  const { t } = useArriveWords();
  const { moment, number } = useI18n();
  const { api } = useConnection();
  const { run } = useActions();
  const live = createLiveValue(api, "arrivals", () => ({}));
  const view = () => {
    const now = live.value();
    return now !== undefined && now.waiting + now.published + now.refused + now.elsewhere > 0 ? now : undefined;
  };
  const counted = (key: "waiting" | "published" | "refused" | "elsewhere", count: number) =>
    t(count === 1 ? `queue.${key}_one` : `queue.${key}_other`, { count: number(count) });

  return (
    <Show when={view()}>
      {(now) => (
        <section class="section grid gap-2" data-waiting={now().waiting} data-published={now().published}>
          <h2>{t("queue.title")}</h2>
          <Show when={now().waiting > 0}>
            <p role="status">{counted("waiting", now().waiting)}</p>
            <Show
              when={now().state === "publishing"}
              fallback={
                <p class="text-sm text-soft">{t(now().state === "looking" ? "queue.looking" : "queue.offline")}</p>
              }
            >
              <p class="text-sm text-soft">
                {t("queue.next", { when: moment(now().nextAt ?? 0), last: moment(now().doneAt ?? 0) })}
              </p>
            </Show>
          </Show>
          <Show when={now().published > 0}>
            <p class="text-sm text-soft">{counted("published", now().published)}</p>
          </Show>
          <Show when={now().elsewhere > 0}>
            <p class="text-sm text-soft">{counted("elsewhere", now().elsewhere)}</p>
          </Show>
          <Show when={now().refused > 0}>
            <p class="text-sm text-soft">{counted("refused", now().refused)}</p>
          </Show>
          <Show when={now().waiting > 0}>
            <div>
              <button
                type="button"
                class="button"
                onClick={() =>
                  void run((peer) => peer.dropArrivals()).then((done) => done && notify(t("queue.dropped")))
                }
              >
                {t("queue.drop")}
              </button>
            </div>
          </Show>
        </section>
      )}
    </Show>
  );
}
