/** The entries of one's own feed in their order, however many: those near the screen are in the page. */
import { createEffect, createMemo, createSignal, type JSX, onCleanup, Show } from "solid-js";
import type { CuratedView } from "../../../peer/api.ts";
import { createRowDrag, moved } from "../../components/row-drag/index.tsx";
import { RowHeights } from "../../components/virtual-rows/heights.ts";
import { VirtualRows } from "../../components/virtual-rows/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useActions } from "../../state/actions.ts";
import { notify } from "../../state/notices.ts";
import { holdWords } from "../../state/quiet.ts";
import { displayLine } from "../../text/display.ts";
import { Entry } from "./entry.tsx";

export function Entries(props: { view: CuratedView; labelledBy: string }): JSX.Element {
  const { t, number } = useI18n();
  const { run } = useActions();
  const [announced, setAnnounced] = createSignal("");
  /** Notes that are being typed, by entry: a row that goes far from the screen leaves the page. */
  const [typed, setTyped] = createSignal<ReadonlyMap<string, string>>(new Map());
  // Asked when the page is about to be left, and of the notes of that moment.
  // eslint-disable-next-line solid/reactivity
  onCleanup(holdWords(() => typed().size > 0));
  const heights = new RowHeights();

  function type(entry: string, note: string | undefined) {
    const next = new Map(typed());
    if (note === undefined) next.delete(entry);
    else next.set(entry, note);
    setTyped(next);
  }

  async function move(entry: string, to: number): Promise<boolean> {
    const { count, name } = props.view;
    if (to < 0 || to >= count || props.view.entries[to]?.postHash === entry) return false;
    if (!(await run((peer) => peer.moveCurated({ feed: name, entry, to })))) return false;
    setAnnounced(t("curate.moved", { place: number(to + 1), count: number(props.view.count) }));
    return true;
  }

  /** The order that the person is making, before the peer has it; `since`: the version that was here when it was let go. */
  const [making, setMaking] = createSignal<{ readonly order: readonly string[]; readonly since: number | null }>();
  const entries = createMemo(() => new Map(props.view.entries.map((entry) => [entry.postHash, entry])));
  const order = createMemo((): readonly string[] => {
    const all = [...entries().keys()];
    const wanted = making()?.order;
    // What has come meanwhile stands behind it, and what is gone is gone.
    return wanted === undefined ? all : [...new Set([...wanted, ...all])].filter((hash) => entries().has(hash));
  });
  const drag = createRowDrag({
    rows: order,
    onMove(from, to) {
      setMaking({ order: moved(order(), from, to), since: null });
    },
    onDrop(entry) {
      // Let go where it was taken up.
      if (making() === undefined) return;
      const shown = order();
      const above = shown[shown.indexOf(entry) - 1];
      const others = [...entries().keys()].filter((hash) => hash !== entry);
      setMaking({ order: shown, since: props.view.sequence });
      void move(entry, above === undefined ? 0 : others.indexOf(above) + 1).then((done) => {
        if (!done) setMaking(undefined);
      });
    },
    onCancel: () => setMaking(undefined),
  });
  // Until the next version is here, which has it, too: in between the rows would jump back.
  createEffect(() => {
    const since = making()?.since ?? null;
    if (since !== null && props.view.sequence !== since) setMaking(undefined);
  });

  async function remove(postHash: string): Promise<void> {
    const entry = entries().get(postHash);
    if (!entry) return;
    const { name } = props.view;
    const at = props.view.entries.indexOf(entry);
    const { added, feed, note } = entry;
    if (!(await run((peer) => peer.uncurate({ feed: name, entry: postHash })))) return;
    const what = feed === null ? { post: postHash } : { curated: { curator: feed.curator, name: feed.name } };
    notify(t("curate.removed", { name: `\u2068${displayLine(name)}\u2069` }), {
      label: t("app.undo"),
      run: () => void run((peer) => peer.curate({ feed: name, note, added, at, ...what })),
    });
  }

  return (
    <>
      <Show when={order().length > 0} fallback={<p class="text-soft">{t("curate.empty")}</p>}>
        <div role="list" class="curate-entries" aria-labelledby={props.labelledBy}>
          <VirtualRows rows={order()} keyOf={(hash) => hash} heights={heights} still={drag.dragged() !== undefined}>
            {(postHash, index) => (
              <Show when={entries().get(postHash)}>
                {(entry) => (
                  <Entry
                    feed={props.view.name}
                    entry={entry()}
                    place={index()}
                    count={props.view.count}
                    typed={typed().get(postHash)}
                    onType={(note) => type(postHash, note)}
                    handle={<drag.Handle row={postHash} title={t("curate.drag")} />}
                    isDragged={drag.dragged() === postHash}
                    ref={(element) => drag.element(postHash, element)}
                    onMove={(to) => void move(postHash, to)}
                    onRemove={() => void remove(postHash)}
                  />
                )}
              </Show>
            )}
          </VirtualRows>
        </div>
      </Show>
      <p class="visually-hidden" role="status">
        {announced()}
      </p>
    </>
  );
}
