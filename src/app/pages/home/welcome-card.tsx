/** Above the feed: the first run for newcomers, the words to keep for those who put that off. */
import { A } from "@solidjs/router";
import { type JSX, Match, Switch } from "solid-js";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { codeOf } from "../../state/errors.ts";
import { notify } from "../../state/notices.ts";
import { useSession } from "../../state/session.tsx";

export function WelcomeCard(): JSX.Element {
  const { t } = useI18n();
  const { api } = useConnection();
  const { identity } = useSession();

  function later() {
    api()
      ?.welcome("later")
      .catch((error: unknown) => notify(t("settings.failed", { code: codeOf(error) })));
  }

  return (
    <Switch>
      <Match when={identity()?.welcomed === "no"}>
        <section class="note m-4" aria-labelledby="welcome-card">
          <h2 id="welcome-card">{t("welcome.card.title")}</h2>
          <p class="text-soft">{t("welcome.card.text")}</p>
          <div class="flex flex-wrap gap-3">
            <A class="button button-primary" href="/welcome">
              {t("welcome.card.start")}
            </A>
            <button type="button" class="button button-quiet" onClick={later}>
              {t("welcome.card.later")}
            </button>
          </div>
        </section>
      </Match>
      <Match when={identity()?.wordsKept === false}>
        <section class="banner" aria-labelledby="words-reminder">
          <div>
            <h2 id="words-reminder">{t("words.reminder.title")}</h2>
            <p>{t("words.reminder.text")}</p>
          </div>
          <A class="button button-small" href="/settings#words">
            {t("words.reminder.show")}
          </A>
        </section>
      </Match>
    </Switch>
  );
}
