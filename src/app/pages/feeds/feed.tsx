/** One of the feeds that the person keeps. */
import { A, useParams } from "@solidjs/router";
import { createMemo, type JSX, Show } from "solid-js";
import type { CuratedView, FeedView } from "../../../peer/api.ts";
import { CopyButton } from "../../components/copy-button/index.tsx";
import { FeedList } from "../../components/feed-list/index.tsx";
import { FeedTabs } from "../../components/feed-tabs/index.tsx";
import { HintRows } from "../../components/hint-rows/index.tsx";
import { Icon } from "../../components/icon/index.tsx";
import { PersonName } from "../../components/person/index.tsx";
import { ScopeChip } from "../../components/scope-chip/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { now } from "../../state/clock.ts";
import { useConnection } from "../../state/connection.tsx";
import { useFeedSentences } from "../../state/feed-sentences.ts";
import { useFeedWords } from "../../state/feed-words.ts";
import { plainFeed, useFeeds, useKeptFeeds } from "../../state/feeds.tsx";
import { createLiveValue } from "../../state/live.ts";
import { createTitle } from "../../state/title.ts";
import { displayText } from "../../text/display.ts";
import { feedLink } from "../../text/feed-links.ts";
import { Missing } from "./edit.tsx";
import { EmptyFeed } from "./empty.tsx";

export default function FeedPage(): JSX.Element {
  const params = useParams<{ id: string }>();
  const kept = useKeptFeeds();
  const feed = () => kept.rows().find(({ id }) => id === params.id);
  /** Another feed, or another way to look at it, is another list; a change of what is new is not. */
  const shown = createMemo(() => {
    const found = feed();
    return found && JSON.stringify([found.id, found.spec, found.filters]);
  });
  return (
    <>
      <FeedTabs />
      <Show when={shown()} keyed fallback={<Show when={kept.ready()}>{<Missing />}</Show>}>
        <Shown feed={feed() as FeedView} />
      </Show>
    </>
  );
}

function Shown(props: { feed: FeedView }): JSX.Element {
  const { t } = useI18n();
  const { nameOf } = useFeedWords();
  const whatOf = useFeedSentences();
  const { api } = useConnection();
  // The page makes this anew for another feed.
  // eslint-disable-next-line solid/reactivity
  const { filters, spec } = plainFeed(props.feed);
  const feed = useFeeds()(spec, filters);
  const key = spec.kind === "curated" ? { curator: spec.curator, name: spec.name } : undefined;
  const curated = createLiveValue(api, "curated", () => key);
  const notes = createMemo(
    () => new Map(curated.value()?.entries.map(({ note, postHash }) => [postHash, note] as const)),
  );
  const link = () => feedLink(props.feed.spec, props.feed.name);
  createTitle(() => nameOf(props.feed));

  return (
    <>
      <header class="masthead grid gap-3">
        <div>
          <p class="text-xs text-faint">{t(`feeds.kind.${props.feed.kind}`)}</p>
          <h1 class="isolate-text" dir="auto">
            {nameOf(props.feed)}
          </h1>
        </div>
        <Show
          when={curated.value()}
          fallback={<p class="max-w-measure text-sm text-soft">{whatOf(props.feed.spec)}</p>}
        >
          {(view) => <CuratedHead view={view()} />}
        </Show>
        <div class="flex flex-wrap gap-2">
          <A class="button button-small" href={`/feeds/${props.feed.id}`}>
            <Icon name="write" small />
            {t("feeds.change")}
          </A>
          <Show when={link()}>
            {(text) => <CopyButton text={text()} label={t("feeds.share")} done={t("app.linkCopied")} icon="link" />}
          </Show>
        </div>
      </header>
      <HintRows feed={props.feed.spec} />
      <FeedList
        feed={feed}
        label={t("feed.label")}
        readAs={props.feed.id}
        noteOf={(row) => (row.postHash === null ? null : (notes().get(row.postHash) ?? null))}
        empty={<EmptyFeed feed={props.feed} curated={curated.value()} />}
      />
    </>
  );
}

function CuratedHead(props: { view: CuratedView }): JSX.Element {
  const { t, ago, number } = useI18n();
  return (
    <div class="grid gap-2 text-sm text-soft">
      <p>
        {t("feeds.curated.by")}{" "}
        <A class="link" href={`/u/${props.view.curator}`}>
          <PersonName id={props.view.curator} name={props.view.curatorName} />
        </A>
      </p>
      <Show when={props.view.description}>
        {(text) => (
          <p class="isolate-text max-w-measure" dir="auto">
            {displayText(text())}
          </p>
        )}
      </Show>
      <Show when={props.view.state === "here"}>
        <div class="flex flex-wrap items-center gap-x-3 gap-y-2">
          <Show when={props.view.scope}>{(scope) => <ScopeChip scope={scope()} />}</Show>
          <span>
            {t("feeds.curated.held", {
              held: number(props.view.held),
              count: number(props.view.entries.length),
            })}
          </span>
          <Show when={props.view.updated}>
            {(time) => <span>{t("feeds.curated.updated", { time: ago(time(), now()) })}</span>}
          </Show>
        </div>
      </Show>
      <Show when={props.view.forked}>
        <p class="note">{t("feeds.curated.forked")}</p>
      </Show>
    </div>
  );
}
