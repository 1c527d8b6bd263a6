/** The quiet column beside a wide page: the feeds that are kept, people followed, unfinished drafts. */
import { A } from "@solidjs/router";
import { For, type JSX, Show } from "solid-js";
import { createShownFeeds, FeedLink } from "../components/feed-tabs/index.tsx";
import { Icon } from "../components/icon/index.tsx";
import { Mark } from "../components/mark/index.tsx";
import { PersonName } from "../components/person/index.tsx";
import { useI18n } from "../i18n/index.tsx";
import { useSession } from "../state/session.tsx";
import { displayLine } from "../text/display.ts";
import { familiar } from "../text/people.ts";

/** What fits beside the first screen; the rest is on the pages of its own. */
const SHOWN = 6;
const MOST_FEEDS = 16;

export function Aside(): JSX.Element {
  const { t, number } = useI18n();
  const { following, trusted, drafts } = useSession();
  const feeds = createShownFeeds(MOST_FEEDS);
  return (
    <aside class="aside">
      <nav class="mb-8" aria-label={t("feeds.nav")}>
        <h2>{t("feeds.title")}</h2>
        <For each={feeds()}>{(feed) => <FeedLink feed={feed} class="aside-link aside-feed" />}</For>
        <A class="aside-link text-xs" href="/feeds">
          {t("feeds.edit")}
        </A>
      </nav>
      <section class="mb-8">
        <h2>{t("trust.title")}</h2>
        <A class="aside-link" href={trusted().length > 0 ? "/trust" : "/trust?add=1"}>
          <Icon name="people" small />
          <span class="chip-text">
            <Show when={trusted().length > 0} fallback={t("trust.add")}>
              {t(trusted().length === 1 ? "trust.count_one" : "trust.count_other", {
                count: number(trusted().length),
              })}
            </Show>
          </span>
        </A>
      </section>
      <Show when={following().length > 0}>
        <section class="mb-8">
          <h2>{t("aside.people")}</h2>
          <For each={following().slice(0, SHOWN)}>
            {(person) => (
              <A class="aside-link" href={`/u/${person.id}`}>
                <span class="w-6 flex-none">
                  <Mark id={person.id} avatar={person.avatar} />
                </span>
                <span class="chip-text">
                  <PersonName of={familiar(person.id, person.displayName)} />
                </span>
              </A>
            )}
          </For>
        </section>
      </Show>
      <Show when={drafts().length > 0}>
        <section>
          <h2>{t("aside.drafts")}</h2>
          <For each={drafts().slice(0, SHOWN)}>
            {(draft) => (
              <A class="aside-link" href={`/write?draft=${encodeURIComponent(draft.id)}`}>
                <Icon name="write" small />
                <bdi class="chip-text">
                  {displayLine(draft.headline || draft.text).slice(0, 60) || t("aside.untitled")}
                </bdi>
              </A>
            )}
          </For>
        </section>
      </Show>
    </aside>
  );
}
