/** The feeds that a person keeps: which, in which order, and what is new in each. */
import { A } from "@solidjs/router";
import { createEffect, createMemo, createSignal, For, type JSX, Show } from "solid-js";
import type { FeedView } from "../../../peer/api.ts";
import { Icon } from "../../components/icon/index.tsx";
import { PageHead } from "../../components/page-head/index.tsx";
import { createRowDrag, moved } from "../../components/row-drag/index.tsx";
import { UnreadableNote } from "../../components/unreadable-note/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useActions } from "../../state/actions.ts";
import { useFeedSentences } from "../../state/feed-sentences.ts";
import { useFeedWords } from "../../state/feed-words.ts";
import { useKeptFeeds } from "../../state/feeds.tsx";
import { createTitle } from "../../state/title.ts";
import { FEED_KINDS, feedHref, feedIcon } from "../../text/feeds.ts";

export default function Feeds(): JSX.Element {
  const { t, number } = useI18n();
  const kept = useKeptFeeds();
  const { run } = useActions();
  const { nameOf } = useFeedWords();
  /** The order that the person is making, before the peer has it. */
  const [making, setMaking] = createSignal<readonly string[]>();
  const [announced, setAnnounced] = createSignal("");
  const rows = createMemo((): readonly FeedView[] => {
    const all = kept.rows().filter(({ kind }) => kind !== "home");
    const order = making();
    if (order === undefined) return all;
    const placeOf = ({ id }: FeedView): number => (order.includes(id) ? order.indexOf(id) : order.length);
    return all.toSorted((a, b) => placeOf(a) - placeOf(b));
  });
  createTitle(() => t("feeds.title"));

  // Until the list of the peer has it, too: in between the rows would jump back.
  createEffect(() => {
    const wanted = making();
    if (wanted !== undefined && idsOf(kept.rows()).slice(1).join() === wanted.join()) setMaking(undefined);
  });

  async function order(ids: readonly string[]): Promise<void> {
    setMaking(ids);
    if (!(await run((api) => api.orderFeeds(ids)))) setMaking(undefined);
  }
  function step(feed: FeedView, by: 1 | -1) {
    const ids = rows().map(({ id }) => id);
    const from = ids.indexOf(feed.id);
    const to = from + by;
    if (to < 0 || to >= ids.length) return;
    const count = number(ids.length);
    setAnnounced(t("feeds.moved", { name: nameOf(feed), place: number(to + 1), count }));
    void order(moved(ids, from, to));
  }

  function drop(id: string) {
    const wanted = making();
    // Let go where it was taken up.
    if (wanted === undefined) return;
    const feed = rows().find((row) => row.id === id);
    const slots = { place: number(wanted.indexOf(id) + 1), count: number(wanted.length) };
    if (feed) setAnnounced(t("feeds.moved", { name: nameOf(feed), ...slots }));
    void order(wanted);
  }

  return (
    <>
      <PageHead title={t("feeds.title")} lead={t("feeds.lead")} />
      <div class="page">
        <section class="section">
          <h2 class="visually-hidden">{t("feeds.order")}</h2>
          <UnreadableNote of={kept} title={t("unreadable.feeds")} />
          <ol class="rows feed-rows">
            <For each={kept.rows().filter(({ kind }) => kind === "home")}>{(feed) => <Row feed={feed} />}</For>
            <Movable
              rows={rows()}
              onMove={(from, to) => setMaking(moved(idsOf(rows()), from, to))}
              onDrop={drop}
              onCancel={() => setMaking(undefined)}
              onStep={step}
            />
          </ol>
        </section>
        <section class="section">
          <h2>{t("feeds.add")}</h2>
          <ul class="feed-kinds">
            <For each={FEED_KINDS}>
              {(kind) => (
                <li>
                  <A class="feed-kind" href={`/feeds/new?kind=${kind}`}>
                    <Icon name={feedIcon(kind)} />
                    <span class="grid gap-1">
                      <span class="font-medium">{t(`feeds.add.${kind}`)}</span>
                      <span class="text-sm text-soft">{t(`feeds.add.${kind}.text`)}</span>
                    </span>
                  </A>
                </li>
              )}
            </For>
          </ul>
          <p class="mt-4">
            <A class="button" href="/curate">
              <Icon name="curated" small />
              {t("curate.pages")}
            </A>
          </p>
        </section>
      </div>
      <p class="visually-hidden" role="status">
        {announced()}
      </p>
    </>
  );
}

function idsOf(rows: readonly FeedView[]): string[] {
  return rows.map(({ id }) => id);
}

function Row(props: {
  feed: FeedView;
  handle?: JSX.Element;
  children?: JSX.Element;
  ref?: (element: HTMLLIElement) => void;
  dragged?: boolean;
}): JSX.Element {
  const { nameOf, unreadOf } = useFeedWords();
  const whatOf = useFeedSentences();
  return (
    <li class="feed-row" data-dragged={props.dragged ? "" : undefined} ref={(element) => props.ref?.(element)}>
      {props.handle}
      <Icon name={feedIcon(props.feed.kind)} />
      <div class="feed-row-text">
        <A class="row-name feed-row-name" href={feedHref(props.feed)} noScroll state={{ tab: true }}>
          <bdi>{nameOf(props.feed)}</bdi>
        </A>
        <p class="text-xs text-faint">
          {whatOf(props.feed.spec)}
          <Show when={props.feed.unread > 0}>
            {" "}
            <strong class="feed-row-unread">{unreadOf(props.feed)}</strong>
          </Show>
        </p>
      </div>
      {props.children}
    </li>
  );
}

/** Rows that change places by a drag of their handle or by their buttons. */
function Movable(props: {
  rows: readonly FeedView[];
  onMove: (from: number, to: number) => void;
  onDrop: (id: string) => void;
  onCancel: () => void;
  onStep: (feed: FeedView, by: 1 | -1) => void;
}): JSX.Element {
  const { t } = useI18n();
  const { nameOf } = useFeedWords();
  const { dragged, element, Handle } = createRowDrag({
    rows: () => idsOf(props.rows),
    onMove: (from, to) => props.onMove(from, to),
    onDrop: (id) => props.onDrop(id),
    onCancel: () => props.onCancel(),
  });
  /** The row keeps its element, and so the button its focus, whichever place it goes to. */
  function step(feed: FeedView, by: 1 | -1, button: HTMLButtonElement) {
    props.onStep(feed, by);
    queueMicrotask(() => button.focus());
  }

  return (
    <For each={props.rows}>
      {(feed, index) => (
        <Row
          feed={feed}
          dragged={dragged() === feed.id}
          ref={(row) => element(feed.id, row)}
          handle={<Handle row={feed.id} title={t("feeds.drag")} />}
        >
          <button
            type="button"
            class="icon-button"
            aria-label={t("feeds.up", { name: nameOf(feed) })}
            // Not disabled: a button at the top that loses the focus would lose the person's place.
            aria-disabled={index() === 0}
            onClick={(event) => step(feed, -1, event.currentTarget)}
          >
            <Icon name="up" />
          </button>
          <button
            type="button"
            class="icon-button"
            aria-label={t("feeds.down", { name: nameOf(feed) })}
            aria-disabled={index() === props.rows.length - 1}
            onClick={(event) => step(feed, 1, event.currentTarget)}
          >
            <Icon name="down" />
          </button>
          <A
            class="icon-button"
            href={`/feeds/${feed.id}`}
            aria-label={t("feeds.changeNamed", { name: nameOf(feed) })}
            title={t("feeds.change")}
          >
            <Icon name="write" />
          </A>
        </Row>
      )}
    </For>
  );
}
