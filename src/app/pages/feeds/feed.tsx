/** One of the feeds that the person keeps. */
import { A, useParams } from "@solidjs/router";
import { createEffect, createMemo, type JSX, Show } from "solid-js";
import type { FeedView } from "../../../peer/api.ts";
import { CopyButton } from "../../components/copy-button/index.tsx";
import { CuratedHead, HeldFeeds, holdsOnlyFeeds } from "../../components/curated/head.tsx";
import { FeedList } from "../../components/feed-list/index.tsx";
import { FeedTabs } from "../../components/feed-tabs/index.tsx";
import { HintRows } from "../../components/hint-rows/index.tsx";
import { Icon } from "../../components/icon/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { codeOf } from "../../state/errors.ts";
import { useFeedSentences } from "../../state/feed-sentences.ts";
import { useFeedWords } from "../../state/feed-words.ts";
import { plainFeed, useFeeds, useKeptFeeds } from "../../state/feeds.tsx";
import { createLiveValue } from "../../state/live.ts";
import { createTitle } from "../../state/title.ts";
import { feedLink } from "../../text/feed-links.ts";
import { NotKept } from "./edit.tsx";
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
      <Show when={shown()} keyed fallback={<NotKept kept={kept} />}>
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
  // The feeds in it stand above its posts: whoever has it open has seen them, also where there is no post to scroll past.
  const held = createMemo(() => curated.value()?.feeds.map(({ postHash }) => postHash) ?? [], undefined, {
    equals: (a, b) => a.join() === b.join(),
  });
  createEffect(() => {
    const [hash] = held();
    if (hash === undefined || document.visibilityState !== "visible") return;
    api()
      ?.markRead({ feed: props.feed.id, at: { created: 0, hash } })
      // The next time that it is opened says it again.
      .catch((error: unknown) => console.warn("read position", codeOf(error)));
  });
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
      <Show when={curated.value()}>{(view) => <HeldFeeds view={view()} />}</Show>
      <HintRows feed={spec} />
      <FeedList
        feed={feed}
        label={t("feed.label")}
        readAs={props.feed.id}
        empty={
          <Show when={!holdsOnlyFeeds(curated.value())}>
            <EmptyFeed feed={props.feed} curated={curated.value()} />
          </Show>
        }
      />
    </>
  );
}
