/**
 * The answers to a post and theirs, each below what it answers, in order of time. Only what is near the screen is in the
 * page; further answers, and deeper ones, come when somebody gets there.
 */
import { createEffect, createMemo, createSignal, type JSX, on, onCleanup, onMount, Show } from "solid-js";
import type { EnvelopeView, FindingView, ThreadRow } from "../../../peer/api.ts";
import { authorOf, personName } from "../../text/people.ts";
import { RowHeights } from "../../components/virtual-rows/heights.ts";
import { VirtualRows } from "../../components/virtual-rows/index.tsx";
import { UnreadableNote } from "../../components/unreadable-note/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { createLiveRows } from "../../state/live.ts";
import { unfoldedRows } from "./folding.ts";
import { Looking } from "./looking.tsx";
import { Answer, type ThreadActions } from "./thread-row.tsx";

/** As many more levels come with each press. */
const LEVELS = 64;
const PAGE = 50;
/** Further answers are asked for when less than this many screens are left. */
const AHEAD_SCREENS = 2;
/** What stands above an answer that was jumped to, in pixels. */
const BREATH = 72;

/** @param props.root The post that is answered; the page makes this anew for another one. */
export function Thread(props: { root: EnvelopeView; finding: FindingView | undefined }): JSX.Element {
  const { t } = useI18n();
  const { api } = useConnection();
  const [levels, setLevels] = createSignal(LEVELS);
  const [folded, setFolded] = createSignal<ReadonlySet<string>>(new Set());
  const [replying, setReplying] = createSignal<string | null>(null);
  const heights = new RowHeights();
  const hash = createMemo(() => props.root.hash);
  let held = 0;
  // With further levels the rows that are there come again, and some more.
  const query = createMemo(() => ({ hash: hash(), limit: held + PAGE, levels: levels() }));
  const live = createLiveRows(
    api,
    "thread",
    () => query(),
    (row) => row.hash,
  );
  const shown = createMemo(() => unfoldedRows(live.rows(), folded()));
  createEffect(on(live.rows, (rows) => (held = rows.length)));
  const names = createMemo(
    () =>
      new Map(live.rows().flatMap(({ envelope, hash: key }) => (envelope === null ? [] : [[key, envelope] as const]))),
  );
  let list: HTMLDivElement | undefined;
  let end!: HTMLDivElement;
  let loading = false;

  async function loadAhead(): Promise<void> {
    if (loading || !live.hasMore()) return;
    if (end.getBoundingClientRect().top > window.innerHeight * (1 + AHEAD_SCREENS)) return;
    loading = true;
    try {
      await live.more();
    } finally {
      loading = false;
    }
  }
  const loadQuietly = () => void loadAhead().catch((error: unknown) => console.warn("answers", error));
  onMount(() => {
    window.addEventListener("scroll", loadQuietly, { passive: true });
    onCleanup(() => window.removeEventListener("scroll", loadQuietly));
  });
  createEffect(on(shown, () => queueMicrotask(loadQuietly)));

  function focus(element: HTMLElement | null | undefined) {
    if (!element) return;
    if (!element.hasAttribute("tabindex")) element.tabIndex = -1;
    element.focus({ preventScroll: true });
  }

  function toParent({ parent }: ThreadRow) {
    if (parent === props.root.hash) {
      const card = document.querySelector<HTMLElement>('article[data-mode="page"]');
      card?.scrollIntoView({ block: "start", behavior: "instant" });
      focus(card);
      return;
    }
    const index = heights.indexOf(parent);
    if (index === -1 || list === undefined) return;
    const top = list.getBoundingClientRect().top + window.scrollY + heights.top(index);
    window.scrollTo({ top: top - BREATH, behavior: "instant" });
    // It may come into the page only now that it is near the screen, which is seen to when the scrolling is told.
    requestAnimationFrame(() => {
      focus(list?.querySelector<HTMLElement>(`article[data-hash="${parent}"]`));
    });
  }

  function fold(key: string) {
    const next = new Set(folded());
    if (!next.delete(key)) next.add(key);
    setFolded(next);
  }

  function reply(key: string | null) {
    const before = replying();
    setReplying(key === before ? null : key);
    // Whoever has sent it or put it off goes on where it was begun.
    if (key === null) queueMicrotask(() => list?.querySelector<HTMLElement>(`[data-reply="${before}"]`)?.focus());
  }

  const actions: ThreadActions = {
    nameOf(key) {
      const envelope = key === props.root.hash ? props.root : names().get(key);
      return envelope ? personName(authorOf(envelope)) : "";
    },
    isFolded: (key) => folded().has(key),
    fold,
    isReplying: (key) => replying() === key,
    reply,
    toParent,
    deeper: () => setLevels(levels() + LEVELS),
  };

  return (
    <section aria-labelledby="replies">
      <h2 id="replies" class="px-4 pt-6 text-lg">
        {t("post.replies")}
      </h2>
      <UnreadableNote of={live} title={t("unreadable.replies")} />
      <Show when={live.ready()}>
        <Show when={shown().length > 0} fallback={<p class="px-4 pt-2 text-sm text-faint">{t("post.noReplies")}</p>}>
          <div role="list" aria-labelledby="replies" class="thread" ref={(element) => (list = element)}>
            <VirtualRows rows={shown()} keyOf={(row) => row.hash} heights={heights}>
              {(row, index) => (
                <Answer
                  row={row}
                  position={index() + 1}
                  total={live.hasMore() ? -1 : shown().length}
                  actions={actions}
                />
              )}
            </VirtualRows>
          </div>
        </Show>
        <Looking finding={props.finding} />
      </Show>
      <div ref={end} />
    </section>
  );
}
