/**
 * A feed of any length: only what is near the screen is in the page. New rows wait behind a button while the reader
 * is further down; going back finds the same rows at the same pixel.
 */
import { createEffect, createSignal, type JSX, on, onCleanup, onMount, Show } from "solid-js";
import { useI18n } from "../../i18n/index.tsx";
import { cameAlongHistory } from "../../state/back.ts";
import type { FeedState } from "../../state/feeds.tsx";
import { EnvelopeCard } from "../envelope-card/index.tsx";
import { FeedSkeleton } from "../envelope-card/skeleton.tsx";
import { Icon } from "../icon/index.tsx";
import { TOP_ZONE, VirtualRows } from "../virtual-rows/index.tsx";

/** Older rows are asked for when less than this many screens are left. */
const AHEAD_SCREENS = 2;

export function FeedList(props: { feed: FeedState; label: string; empty: JSX.Element }): JSX.Element {
  const { t, number } = useI18n();
  const feed = () => props.feed;
  const [announced, setAnnounced] = createSignal("");
  let end!: HTMLDivElement;
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

  function onScroll() {
    feed().setAtTop(window.scrollY < TOP_ZONE);
    loadAheadQuietly();
  }

  onMount(() => {
    // Whoever goes to a feed anew begins at its top, with all that has come by, a post just written included.
    if (!cameAlongHistory()) {
      feed().setAtTop(true);
      feed().showWaiting();
    }
    window.addEventListener("scroll", onScroll, { passive: true });
    onCleanup(() => window.removeEventListener("scroll", onScroll));
    const keep = () => feed().remember(window.scrollY);
    window.addEventListener("pagehide", keep);
    onCleanup(() => window.removeEventListener("pagehide", keep));
  });
  // A feed whose page is closed is a feed that somebody has read down to some place.
  onCleanup(() => feed().setAtTop(false));
  createEffect(
    on(
      () => feed().shown(),
      () => queueMicrotask(loadAheadQuietly),
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
      <Show
        when={feed().ready()}
        fallback={
          <div>
            <p class="visually-hidden">{t("feed.loading")}</p>
            <FeedSkeleton />
          </div>
        }
      >
        <Show when={feed().shown().length > 0} fallback={props.empty}>
          <div role="feed" aria-label={props.label} aria-busy={loading}>
            <VirtualRows rows={feed().shown()} keyOf={(row) => row.hash} heights={feed().heights}>
              {(row, index) => (
                <EnvelopeCard
                  envelope={row}
                  position={index() + 1}
                  total={feed().hasMore() ? -1 : feed().shown().length}
                />
              )}
            </VirtualRows>
          </div>
        </Show>
      </Show>
      <div ref={end} />
    </>
  );
}
