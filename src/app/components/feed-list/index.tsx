/**
 * A feed of any length: only what is near the screen is in the page. New rows wait behind a button while the reader
 * is further down; going back finds the same rows at the same pixel.
 */
import { useBeforeLeave, useLocation } from "@solidjs/router";
import { createEffect, createSignal, type JSX, on, onCleanup, onMount, Show } from "solid-js";
import { useI18n } from "../../i18n/index.tsx";
import { cameAlongHistory } from "../../state/back.ts";
import { useConnection } from "../../state/connection.tsx";
import { codeOf } from "../../state/errors.ts";
import type { FeedState } from "../../state/feeds.tsx";
import { FeedCard } from "../envelope-card/feed-card.tsx";
import { FeedSkeleton } from "../envelope-card/skeleton.tsx";
import { Icon } from "../icon/index.tsx";
import { UnreadableNote } from "../unreadable-note/index.tsx";
import { TOP_ZONE, VirtualRows } from "../virtual-rows/index.tsx";

/** Older rows are asked for when less than this many screens are left. */
const AHEAD_SCREENS = 2;

/** What somebody does who scrolls. */
const OF_SOMEBODY = ["wheel", "touchmove", "keydown", "pointerdown"] as const;

/** Reading on marks row after row; the peer is told this often, in ms. */
const MARK_PAUSE = 400;

export function FeedList(props: {
  feed: FeedState;
  label: string;
  empty: JSX.Element;
  /** Id of the kept feed that this is: what is seen here is not new in it any more. */
  readAs?: string | undefined;
}): JSX.Element {
  const { t, number } = useI18n();
  const feed = () => props.feed;
  const [announced, setAnnounced] = createSignal("");
  const { api } = useConnection();
  const location = useLocation<{ tab?: boolean }>();
  let end!: HTMLDivElement;
  let list: HTMLDivElement | undefined;
  let markTimer: ReturnType<typeof setTimeout> | undefined;
  let marked = "";
  let loading = false;

  const waitingText = () =>
    t(feed().waiting() === 1 ? "home.new_one" : "home.new_other", { count: number(feed().waiting()) });

  async function loadAhead(): Promise<void> {
    if (loading || !feed().hasMore()) return;
    if (end.getBoundingClientRect().top > window.innerHeight * (1 + AHEAD_SCREENS)) return;
    loading = true;
    try {
      await feed().more();
    } finally {
      loading = false;
    }
  }
  const loadAheadQuietly = () => void loadAhead().catch((error: unknown) => console.warn("older posts", error));

  /**
   * Where the feed was left, on the way back there: it begins at the top, and may stop short as long as rows have no height. Nobody
   * is there to see what is new, until the place is reached or somebody scrolls.
   */
  let returning: number | undefined;
  const stopReturning = () => (returning = undefined);

  function onScroll() {
    const { scrollY } = window;
    if (returning !== undefined && Math.abs(scrollY - returning) <= 1) stopReturning();
    if (returning === undefined) feed().setAtTop(scrollY < TOP_ZONE);
    loadAheadQuietly();
    markSoon();
  }

  /**
   * Tells the peer up to which row the reader has seen this feed: the first one on screen. In a curated feed, whose order is the
   * curator's, what is new may stand anywhere; there it is the last one on screen.
   */
  function mark() {
    markTimer = undefined;
    const id = props.readAs;
    if (id === undefined || !list || document.visibilityState !== "visible") return;
    const rows = feed().shown();
    const top = Math.max(0, -list.getBoundingClientRect().top);
    const seen = rows[0]?.chosen === undefined ? top : top + window.innerHeight;
    const row = rows[Math.min(feed().heights.indexAt(seen), rows.length - 1)];
    if (!row || row.hash === marked) return;
    marked = row.hash;
    api()
      ?.markRead({ feed: id, at: { created: row.created, hash: row.hash } })
      // The next row that is seen says it again.
      .catch((error: unknown) => console.warn("read position", codeOf(error)));
  }
  function markSoon() {
    if (props.readAs !== undefined) markTimer ??= setTimeout(mark, MARK_PAUSE);
  }

  onMount(() => {
    // From one feed to the next and back: each stands where it was left, and what is new waits.
    const returns = location.state?.tab === true && feed().leftAt > 0 && feed().shown().length > 0;
    if (returns && !cameAlongHistory()) {
      const { leftAt } = feed();
      if (leftAt >= TOP_ZONE) returning = leftAt;
      // The rows take their height after this.
      queueMicrotask(() => window.scrollTo({ top: leftAt, behavior: "instant" }));
    }
    // Whoever goes to a feed anew begins at its top, with all that has come by, a post just written included.
    else if (!cameAlongHistory()) {
      if (location.state?.tab === true) window.scrollTo({ top: 0, behavior: "instant" });
      feed().setAtTop(true);
      feed().showWaiting();
    }
    window.addEventListener("scroll", onScroll, { passive: true });
    onCleanup(() => window.removeEventListener("scroll", onScroll));
    for (const name of OF_SOMEBODY) {
      window.addEventListener(name, stopReturning, { passive: true });
      onCleanup(() => window.removeEventListener(name, stopReturning));
    }
    const keep = () => feed().remember(window.scrollY);
    window.addEventListener("pagehide", keep);
    onCleanup(() => window.removeEventListener("pagehide", keep));
  });
  // Before the next page is drawn, which may be shorter.
  useBeforeLeave(() => {
    feed().leftAt = window.scrollY;
  });
  // A feed whose page is closed is a feed that somebody has read down to some place.
  onCleanup(() => {
    clearTimeout(markTimer);
    feed().setAtTop(false);
  });
  createEffect(
    on(
      () => feed().shown(),
      () => {
        queueMicrotask(loadAheadQuietly);
        markSoon();
      },
    ),
  );
  createEffect(
    on(
      () => feed().waiting(),
      (count, before) => {
        if (count === 0) setAnnounced("");
        else if (!before) setAnnounced(waitingText());
      },
    ),
  );
  // After a reload the rows come a moment later than the page.
  createEffect(
    on(
      () => feed().ready(),
      (ready) => {
        const y = feed().takeRestored();
        if (ready && y !== undefined) requestAnimationFrame(() => window.scrollTo(0, y));
      },
    ),
  );

  function showWaiting() {
    feed().showWaiting();
    window.scrollTo({ top: 0 });
  }

  return (
    <>
      <p class="visually-hidden" role="status">
        {announced()}
      </p>
      <Show when={feed().waiting() > 0}>
        <div class="new-pill">
          <button type="button" class="button button-primary rise" onClick={showWaiting}>
            <Icon name="up" small />
            {waitingText()}
          </button>
        </div>
      </Show>
      <UnreadableNote of={feed()} title={t("unreadable.posts")} />
      <Show
        when={feed().ready()}
        fallback={
          <Show when={feed().error() === undefined}>
            <div>
              <p class="visually-hidden">{t("feed.loading")}</p>
              <FeedSkeleton />
            </div>
          </Show>
        }
      >
        <Show when={feed().shown().length > 0} fallback={props.empty}>
          <div role="feed" aria-label={props.label} aria-busy={loading} ref={(element) => (list = element)}>
            <VirtualRows rows={feed().shown()} keyOf={(row) => row.hash} heights={feed().heights}>
              {(row, index) => (
                <FeedCard row={row} position={index() + 1} total={feed().hasMore() ? -1 : feed().shown().length} />
              )}
            </VirtualRows>
          </div>
        </Show>
      </Show>
      <div ref={end} />
    </>
  );
}
