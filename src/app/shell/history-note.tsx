/** Tells how much of a restored identity's history has come back, for as long as it is looked for. */
import { A } from "@solidjs/router";
import { type JSX, Show } from "solid-js";
import { useI18n } from "../i18n/index.tsx";
import { useActions } from "../state/actions.ts";
import { useConnection } from "../state/connection.tsx";
import { createLiveValue } from "../state/live.ts";

/** What waited to be published came along, and waits for a word. */
function HeldLine(): JSX.Element {
  const { number, t } = useI18n();
  const { api } = useConnection();
  const params = {};
  const arrivals = createLiveValue(api, "arrivals", () => params);
  const held = () => arrivals.value()?.held ?? 0;
  return (
    <Show when={held() > 0}>
      <p>
        {t(held() === 1 ? "history.held_one" : "history.held_other", { count: number(held()) })}{" "}
        <A class="link" href="/arrive">
          {t("history.held.see")}
        </A>
      </p>
    </Show>
  );
}

export function HistoryNote(): JSX.Element {
  const { number, t } = useI18n();
  const { api } = useConnection();
  const { run } = useActions();
  const params = {};
  const history = createLiveValue(api, "history", () => params);
  const coming = () => {
    const view = history.value();
    return view?.state === "looking" || view?.state === "fetching" ? view : undefined;
  };
  return (
    <Show when={coming()}>
      {(view) => (
        <section class="banner" aria-labelledby="history-note" role="status">
          <div>
            <h2 id="history-note">{t("history.title")}</h2>
            <p>{t("history.looking")}</p>
            <Show when={view().envelopes > 0}>
              <p>{t("history.fetching", { posts: number(view().posts), envelopes: number(view().envelopes) })}</p>
            </Show>
            <HeldLine />
          </div>
          <button type="button" class="button button-small" onClick={() => void run((peer) => peer.closeHistory())}>
            {t("history.close")}
          </button>
        </section>
      )}
    </Show>
  );
}
