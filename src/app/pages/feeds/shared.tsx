/** Where a link to a feed leads: says what it is, and keeps it only when the person says so. */
import { A, useLocation, useNavigate } from "@solidjs/router";
import { type JSX, Match, Switch } from "solid-js";
import type { FeedView } from "../../../peer/api.ts";
import { Icon } from "../../components/icon/index.tsx";
import { PageHead } from "../../components/page-head/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useActions } from "../../state/actions.ts";
import { useFeedSentences } from "../../state/feed-sentences.ts";
import { useFeedWords } from "../../state/feed-words.ts";
import { useKeptFeeds } from "../../state/feeds.tsx";
import { notify } from "../../state/notices.ts";
import { createTitle } from "../../state/title.ts";
import { readShared, type SharedFeed } from "../../text/feed-links.ts";
import { feedHref, feedIcon, kindOfSpec } from "../../text/feeds.ts";

export default function SharedFeedPage(): JSX.Element {
  const { t } = useI18n();
  const location = useLocation();
  const kept = useKeptFeeds();
  const shared = () => readShared(location.search);
  const known = () => {
    const found = shared();
    return found ? kept.find(found.spec) : undefined;
  };
  createTitle(() => t("feeds.shared.title"));
  return (
    <>
      <PageHead
        title={t("feeds.shared.title")}
        lead={t(shared() === null ? "feeds.shared.bad" : known() ? "feeds.shared.have" : "feeds.shared.lead")}
      />
      <div class="page grid justify-items-start gap-6 pt-6">
        <Switch
          fallback={
            <A class="button" href="/feeds">
              {t("feeds.all")}
            </A>
          }
        >
          <Match when={shared()}>{(found) => <Offer shared={found()} known={known()} />}</Match>
        </Switch>
      </div>
    </>
  );
}

function Offer(props: { shared: SharedFeed; known: FeedView | undefined }): JSX.Element {
  const { t } = useI18n();
  const { nameOf } = useFeedWords();
  const whatOf = useFeedSentences();
  const { run } = useActions();
  const navigate = useNavigate();

  async function save(): Promise<void> {
    const { name, spec } = props.shared;
    let saved: FeedView | undefined;
    if (!(await run(async (api) => (saved = await api.saveFeed({ spec, name })))) || !saved) return;
    const { id } = saved;
    notify(t("feeds.saved", { name: `\u2068${nameOf(saved)}\u2069` }), {
      label: t("app.undo"),
      run: () => void run((api) => api.removeFeed(id)),
    });
    navigate(feedHref(saved), { replace: true });
  }

  return (
    <>
      <div class="note w-full">
        <h2 class="flex items-center gap-3">
          <Icon name={feedIcon(kindOfSpec(props.shared.spec))} />
          <bdi>{nameOf(props.shared)}</bdi>
        </h2>
        <p class="text-soft">{whatOf(props.shared.spec)}</p>
      </div>
      <div class="flex flex-wrap gap-3">
        <Switch>
          <Match when={props.known}>
            {(feed) => (
              <A class="button button-primary" href={feedHref(feed())}>
                {t("feeds.shared.open")}
              </A>
            )}
          </Match>
          <Match when={!props.known}>
            <button type="button" class="button button-primary" onClick={() => void save()}>
              {t("feeds.shared.save")}
            </button>
            <A class="button" href="/">
              {t("feeds.shared.dismiss")}
            </A>
          </Match>
        </Switch>
      </div>
    </>
  );
}
