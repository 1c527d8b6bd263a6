/** The feeds that a person keeps, side by side above the one that is open. Beside a wide page they stand in the column. */
import { A, useLocation } from "@solidjs/router";
import { createEffect, createMemo, For, type JSX, on, Show } from "solid-js";
import type { FeedView } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { useFeedWords } from "../../state/feed-words.ts";
import { useKeptFeeds } from "../../state/feeds.tsx";
import { feedHref, feedIcon } from "../../text/feeds.ts";
import { Icon } from "../icon/index.tsx";

/** What somebody goes through with a thumb; the page of all feeds has the rest. */
const MOST_TABS = 24;

/** The kept feeds that are shown, as links: the first ones, and the one that is open. */
export function createShownFeeds(most: number): () => readonly FeedView[] {
  const kept = useKeptFeeds();
  const location = useLocation();
  const chosen = createMemo(() => {
    const rows = kept.rows();
    const shown = rows.slice(0, most);
    const open = rows.slice(most).find((feed) => location.pathname.endsWith(feedHref(feed)));
    return open ? [...shown, open] : shown;
  });
  return chosen;
}

export function FeedLink(props: { feed: FeedView; class: string }): JSX.Element {
  const { nameOf, unreadMark, unreadOf } = useFeedWords();
  return (
    <A
      class={props.class}
      href={feedHref(props.feed)}
      end
      // Each feed stands where it was left: the list scrolls, not the router.
      noScroll
      state={{ tab: true }}
      aria-label={[nameOf(props.feed), unreadOf(props.feed)].filter(Boolean).join(", ")}
      title={nameOf(props.feed)}
    >
      <Icon name={feedIcon(props.feed.kind)} small />
      <bdi class="chip-text">{nameOf(props.feed)}</bdi>
      <Show when={props.feed.unread > 0}>
        <span class="feed-unread" aria-hidden="true">
          {unreadMark(props.feed)}
        </span>
      </Show>
    </A>
  );
}

export function FeedTabs(): JSX.Element {
  const { t } = useI18n();
  const location = useLocation();
  const shown = createShownFeeds(MOST_TABS);
  let strip!: HTMLDivElement;

  // The open one is in sight, wherever in the strip it stands.
  createEffect(
    on([() => location.pathname, shown], () => {
      queueMicrotask(() => {
        const open = strip.querySelector<HTMLElement>("[aria-current]");
        if (!open) return;
        const [outer, inner] = [strip.getBoundingClientRect(), open.getBoundingClientRect()];
        if (inner.left >= outer.left && inner.right <= outer.right) return;
        strip.scrollBy({ left: inner.left + inner.width / 2 - outer.left - outer.width / 2, behavior: "instant" });
      });
    }),
  );

  return (
    <nav class="feed-tabs" aria-label={t("feeds.nav")}>
      <div class="feed-strip" ref={strip}>
        <For each={shown()}>{(feed) => <FeedLink feed={feed} class="feed-tab" />}</For>
        <A class="feed-tab" href="/feeds" end aria-label={t("feeds.edit")} title={t("feeds.edit")}>
          <Icon name="plus" small />
        </A>
      </div>
    </nav>
  );
}
