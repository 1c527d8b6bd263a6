/**
 * Rows that change places by a drag of their handle, with a mouse, a pen or a finger; those far from the screen need not be in the
 * page. Whoever uses it keeps the order, and has buttons beside it for keys and screen readers, from which the handle is hidden.
 */
import { type Accessor, createSignal, type JSX, onCleanup } from "solid-js";
import { Icon } from "../icon/index.tsx";
import { filledIn, placeAt } from "./order.ts";

export { moved } from "./order.ts";

/** So near to the edge of the screen the page moves along, below the bars that lie there; pixels. */
const EDGE = 96;
/** At most so far in one frame, in pixels: a screen in a second. */
const FASTEST = 14;

export interface RowDragOptions {
  /** Names of the rows, in the order in which they are shown now. */
  readonly rows: () => readonly string[];
  /** The dragged row is over another place: it is to be shown there. */
  readonly onMove: (from: number, to: number) => void;
  /** It was let go where it is shown. */
  readonly onDrop: (row: string) => void;
  /** The drag was given up, by Escape or by the browser: the order is to be the one from before. */
  readonly onCancel: () => void;
}

export interface RowDrag {
  /** The row that is being dragged. */
  readonly dragged: Accessor<string | undefined>;
  /** To be given the element of each row. */
  readonly element: (row: string, element: HTMLElement) => void;
  readonly Handle: (props: { row: string; title: string }) => JSX.Element;
}

export function createRowDrag({ onCancel, onDrop, onMove, rows }: RowDragOptions): RowDrag {
  const elements = new Map<string, HTMLElement>();
  const [dragged, setDragged] = createSignal<string>();
  let listening = new AbortController();
  let y = 0;
  let frame = 0;

  function boxOf(row: string) {
    const element = elements.get(row);
    return element?.isConnected === true ? element.getBoundingClientRect() : undefined;
  }
  function place() {
    const shown = rows();
    const from = shown.findIndex((row) => row === dragged());
    const to = placeAt(filledIn(shown.map(boxOf)), from, y);
    if (from !== -1 && to !== from) onMove(from, to);
  }
  /** At the edges of the screen, as long as the row is held there. */
  function follow() {
    const past = Math.min(0, y - EDGE) + Math.max(0, y - (window.innerHeight - EDGE));
    const before = window.scrollY;
    if (past !== 0) window.scrollBy({ top: (past / EDGE) * FASTEST, behavior: "instant" });
    if (window.scrollY !== before) place();
    frame = requestAnimationFrame(follow);
  }
  function end() {
    listening.abort();
    cancelAnimationFrame(frame);
    setDragged(undefined);
  }
  function giveUp() {
    end();
    onCancel();
  }
  function begin(row: string, event: PointerEvent) {
    if (event.button !== 0 || !event.isPrimary || dragged() !== undefined) return;
    event.preventDefault();
    y = event.clientY;
    setDragged(row);
    listening = new AbortController();
    const options = { signal: listening.signal };
    const isOther = (moving: PointerEvent) => moving.pointerId !== event.pointerId;
    function move(moving: PointerEvent) {
      if (isOther(moving)) return;
      y = moving.clientY;
      place();
    }
    function drop(moving: PointerEvent) {
      if (isOther(moving)) return;
      end();
      onDrop(row);
    }
    function cancel(moving: PointerEvent) {
      if (!isOther(moving)) giveUp();
    }
    function press(pressed: KeyboardEvent) {
      if (pressed.key === "Escape") giveUp();
    }
    // At the window: a row that changes places leaves the page for a moment, and would lose a pointer that it had captured.
    window.addEventListener("pointermove", move, options);
    window.addEventListener("pointerup", drop, options);
    window.addEventListener("pointercancel", cancel, options);
    window.addEventListener("keydown", press, options);
    frame = requestAnimationFrame(follow);
  }
  onCleanup(end);

  return {
    dragged,
    element(row, element) {
      elements.set(row, element);
      // Rows of a long list come and go while one scrolls.
      onCleanup(() => {
        if (elements.get(row) === element) elements.delete(row);
      });
    },
    Handle: (props) => (
      <span
        class="row-handle"
        title={props.title}
        aria-hidden="true"
        onPointerDown={(event) => begin(props.row, event)}
      >
        <Icon name="grip" />
      </span>
    ),
  };
}
