/** What others did that concerns this person, as few quiet lines. Looking at it is what makes it read. */
import { A } from "@solidjs/router";
import { createEffect, createSignal, For, type JSX, onCleanup, onMount, Show } from "solid-js";
import { ListSkeleton } from "../../components/list-skeleton/index.tsx";
import { PageHead } from "../../components/page-head/index.tsx";
import { StateNote } from "../../components/state-note/index.tsx";
import { UnreadableNote } from "../../components/unreadable-note/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { codeOf } from "../../state/errors.ts";
import { createLiveRows } from "../../state/live.ts";
import { createTitle } from "../../state/title.ts";
import { NoticeLine } from "./line.tsx";

/** A screen shows about ten. */
const PAGE = 30;

function createInFront(): () => boolean {
  const [front, setFront] = createSignal(!document.hidden);
  const look = (): void => void setFront(!document.hidden);
  onMount(() => document.addEventListener("visibilitychange", look));
  onCleanup(() => document.removeEventListener("visibilitychange", look));
  return front;
}

export default function Inbox(): JSX.Element {
  const { t } = useI18n();
  const { api } = useConnection();
  const params = { limit: PAGE };
  const notices = createLiveRows(
    api,
    "inbox",
    () => params,
    (row) => row.id,
  );
  const inFront = createInFront();
  /** What was new when it was seen on this visit keeps its mark until one leaves. */
  const [fresh, setFresh] = createSignal<ReadonlySet<string>>(new Set());
  createTitle(() => t("inbox.title"));

  createEffect(() => {
    const peer = api();
    const unread = notices.rows().filter((row) => row.unread > 0);
    if (!peer || !inFront() || unread.length === 0) return;
    setFresh((before) => new Set([...before, ...unread.map((row) => row.id)]));
    // Only what is listed: a line that is further down may have something new as well.
    peer
      .readNotices({ until: Math.max(...unread.map((row) => row.seq)), ids: unread.map((row) => row.id) })
      .catch((error: unknown) => console.warn("notices", codeOf(error)));
  });

  return (
    <>
      <PageHead title={t("inbox.title")} lead={t("inbox.lead")}>
        <div class="mt-4">
          <A class="button button-small" href="/inbox/settings">
            {t("inbox.settings")}
          </A>
        </div>
      </PageHead>
      <UnreadableNote of={notices} title={t("unreadable.inbox")} />
      <Show
        when={notices.ready()}
        fallback={
          <Show when={!notices.error()}>
            <div class="page inbox-list">
              <ListSkeleton label={t("inbox.loading")} />
            </div>
          </Show>
        }
      >
        <Show
          when={notices.rows().length > 0}
          fallback={<StateNote title={t("inbox.empty.title")} text={t("inbox.empty.text")} role="status" />}
        >
          <div class="page">
            <ul class="rows inbox-list" aria-label={t("inbox.list")}>
              <For each={notices.rows()}>{(row) => <NoticeLine notice={row} isNew={fresh().has(row.id)} />}</For>
            </ul>
            <Show when={notices.hasMore()}>
              <button type="button" class="button mt-4" onClick={() => void notices.more()}>
                {t("inbox.more")}
              </button>
            </Show>
          </div>
        </Show>
      </Show>
    </>
  );
}
