/**
 * A list of any length that scrolls with the window: only rows near the screen are in the page. What the reader looks
 * at stays where it is when rows come in above or turn out higher than was thought.
 *
 * Places are written through the CSSOM, never as style attributes in markup: the app's policy forbids those.
 */
import { createEffect, createMemo, createSignal, For, type JSX, on, onCleanup, onMount, untrack } from "solid-js";
import type { RowHeights } from "./heights.ts";

/** Pixels drawn beyond the screen: the next row must exist for the "j" key, and fast flicks show no gap. */
const BEYOND = 900;
/** Above this the reader stands at the top and sees new rows come in before the first. */
export const TOP_ZONE = 64;

interface Anchor {
  readonly key: string;
  /** Pixels from the upper edge of the screen to the row. */
  readonly offset: number;
  /** Where the window stood then. Once it stands elsewhere the anchor says nothing any more. */
  readonly scrollY: number;
}

export function VirtualRows<Row>(props: {
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  heights: RowHeights;
  /** Somebody moves rows about: the page stays where it is, whatever becomes of the row that the reader looked at. */
  still?: boolean;
  children: (row: Row, index: () => number) => JSX.Element;
}): JSX.Element {
  // The list that owns the heights makes this component anew for another feed.
  // eslint-disable-next-line solid/reactivity
  const { heights, keyOf } = props;
  let container!: HTMLDivElement;
  let anchor: Anchor | undefined;
  const keys = new WeakMap<Element, string>();
  const [view, setView] = createSignal({ top: 0, bottom: window.innerHeight });
  /** Grows whenever a height has changed. */
  const [layout, setLayout] = createSignal(0);
  const [focused, setFocused] = createSignal<string>();

  const ordered = createMemo(() => {
    const rows = props.rows;
    // A key never changes. Ten thousand that are listened to would cost a frame with every page.
    untrack(() => heights.setKeys(rows.map(keyOf)));
    return rows;
  });
  const range = createMemo(
    () => {
      layout();
      if (ordered().length === 0) return [0, 0] as const;
      return [heights.indexAt(view().top - BEYOND), heights.indexAt(view().bottom + BEYOND) + 1] as const;
    },
    undefined,
    { equals: (a, b) => a[0] === b[0] && a[1] === b[1] },
  );
  const visible = createMemo(() => {
    const [start, end] = range();
    const rows = ordered();
    const slice = rows.slice(start, end);
    // A row that has the focus stays in the page, or the keyboard would lose its place.
    const at = focused() === undefined ? -1 : heights.indexOf(focused() ?? "");
    const kept = rows[at];
    if (kept === undefined || (at >= start && at < end)) return slice;
    return at < start ? [kept, ...slice] : [...slice, kept];
  });

  function containerTop(): number {
    return container.getBoundingClientRect().top + window.scrollY;
  }

  function look() {
    const top = window.scrollY - containerTop();
    setView({ top, bottom: top + window.innerHeight });
    const index = heights.indexAt(Math.max(0, top));
    const key = heights.keyAt(index);
    anchor = key === undefined ? undefined : { key, offset: heights.top(index) - top, scrollY: window.scrollY };
  }

  /** Puts the row that the reader looks at back to where it was. */
  function hold() {
    container.style.height = `${heights.total}px`;
    if (props.still === true || !anchor || anchor.scrollY !== window.scrollY || window.scrollY <= TOP_ZONE) return;
    const index = heights.indexOf(anchor.key);
    if (index === -1) return;
    const wanted = containerTop() + heights.top(index) - anchor.offset;
    if (Math.abs(wanted - window.scrollY) >= 1) window.scrollTo({ top: wanted, behavior: "instant" });
  }

  let width = 0;
  // One observer for the list and its rows: of two, the one of the list would forget what the one of the rows has just
  // measured at the new width, and no row tells its height a second time.
  const sizes = new ResizeObserver((entries) => {
    let changed = false;
    if (container.clientWidth !== width) {
      width = container.clientWidth;
      heights.clear();
      changed = true;
    }
    for (const entry of entries) {
      const key = keys.get(entry.target);
      const height = entry.borderBoxSize[0]?.blockSize;
      if (key === undefined || height === undefined || !entry.target.isConnected) continue;
      changed = heights.set(key, height) || changed;
    }
    if (!changed) return;
    setLayout(layout() + 1);
    hold();
    look();
  });
  onCleanup(() => sizes.disconnect());

  onMount(() => {
    width = container.clientWidth;
    sizes.observe(container);
    window.addEventListener("scroll", look, { passive: true });
    window.addEventListener("resize", look, { passive: true });
    onCleanup(() => {
      window.removeEventListener("scroll", look);
      window.removeEventListener("resize", look);
    });
    container.style.height = `${heights.total}px`;
    look();
  });
  createEffect(
    on(
      ordered,
      () => {
        hold();
        look();
      },
      { defer: true },
    ),
  );

  return (
    <div
      ref={container}
      class="virtual"
      onFocusIn={(event) => setFocused(keys.get(event.target.closest(".virtual-row") ?? event.target))}
      onFocusOut={() => setFocused(undefined)}
    >
      <For each={visible()}>
        {(row) => {
          const key = keyOf(row);
          const index = createMemo(() => {
            ordered();
            return heights.indexOf(key);
          });
          return (
            <div
              class="virtual-row"
              ref={(element) => {
                keys.set(element, key);
                sizes.observe(element);
                onCleanup(() => sizes.unobserve(element));
                createEffect(() => {
                  layout();
                  element.style.top = `${heights.top(index())}px`;
                });
              }}
            >
              {props.children(row, index)}
            </div>
          );
        }}
      </For>
    </div>
  );
}
