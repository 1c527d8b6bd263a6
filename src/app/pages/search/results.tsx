/** What was found, as the usual cards, newest first; it changes under the fingers of whoever types. */
import { type Accessor, createEffect, type JSX, on, onCleanup, onMount, Show } from "solid-js";
import type { SearchQuery } from "../../../peer/api.ts";
import { FeedList } from "../../components/feed-list/index.tsx";
import { UnreadableNote } from "../../components/unreadable-note/index.tsx";
import { RowHeights } from "../../components/virtual-rows/heights.ts";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import type { FeedState } from "../../state/feeds.tsx";
import { createLiveRows } from "../../state/live.ts";
import { markWords, type Marks } from "./marks.ts";

/** A screen and a half; the rest comes as somebody scrolls. */
const PAGE_ROWS = 20;

function createResults(query: Accessor<SearchQuery>): FeedState {
  const { api } = useConnection();
  const live = createLiveRows(
    api,
    "search",
    () => ({ query: query(), limit: PAGE_ROWS }),
    (row) => row.hash,
  );
  return {
    shown: live.rows,
    // Whoever types looks at the top: nothing waits.
    waiting: () => 0,
    ready: live.ready,
    hasMore: live.hasMore,
    error: live.error,
    retry: () => live.retry(),
    more: () => live.more(),
    showWaiting: () => undefined,
    setAtTop: () => undefined,
    heights: new RowHeights(),
    leftAt: 0,
    remember: () => undefined,
    takeRestored: () => undefined,
  };
}

export function Results(props: {
  query: SearchQuery;
  above: JSX.Element;
  /** Where nothing is found. */
  children: JSX.Element;
}): JSX.Element {
  const { t, number } = useI18n();
  const feed = createResults(() => props.query);
  let root!: HTMLDivElement;
  let marks: Marks | undefined;
  onMount(() => {
    marks = markWords(root);
    marks.look(props.query.text ?? "");
  });
  onCleanup(() => marks?.stop());
  createEffect(
    on(
      () => props.query.text ?? "",
      (text) => marks?.look(text),
    ),
  );
  const count = () => {
    const shown = feed.shown().length;
    if (feed.hasMore()) return t("search.count_more", { count: number(shown) });
    return t(shown === 1 ? "search.count_one" : "search.count_other", { count: number(shown) });
  };
  return (
    <div ref={root}>
      <Show when={feed.error() === undefined} fallback={<UnreadableNote of={feed} title={t("search.failed")} />}>
        <p class="visually-hidden" role="status">
          <Show when={feed.ready()}>{count()}</Show>
        </p>
        {props.above}
        <FeedList feed={feed} label={t("search.results")} empty={props.children} />
      </Show>
    </div>
  );
}
