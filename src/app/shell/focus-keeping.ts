/**
 * Keeps the place of whoever goes by keys. What is pressed often goes from the page with what it did: an entry that is taken out, a
 * button that gives way to a form, a step of a dialog. The browser then leaves the focus nowhere, and who sees nothing or points
 * nowhere begins anew. Here the focus goes on to what stands in that place now.
 */
import { onCleanup, onMount } from "solid-js";

const STOPS = "a[href], button:enabled, input:enabled, select:enabled, textarea:enabled, summary, article[tabindex]";

/** On the way up from what has the focus: what holds it, and what stands before it there. */
interface Level {
  readonly holder: Element;
  readonly before: Element | null;
}

/** Where somebody is, so that it is found again when it is gone. */
interface Place {
  readonly at: HTMLElement;
  readonly levels: readonly Level[];
  /** It is no part of the page, and goes by itself. */
  readonly isNotice: boolean;
}

function placeOf(at: HTMLElement): Place {
  const levels: Level[] = [];
  for (let child: Element = at; child.parentElement !== null; child = child.parentElement) {
    levels.push({ holder: child.parentElement, before: child.previousElementSibling });
  }
  return { at, levels, isNotice: at.closest(".notices") !== null };
}

function isBusy(element: Element): boolean {
  return element.isConnected && (element.matches(":disabled") || element.closest("[inert]") !== null);
}

function isShown(element: Element): boolean {
  return element.isConnected && element.getClientRects().length > 0 && element.closest("[inert]") === null;
}

function isLost(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}

function follows(stop: Element, before: Element): boolean {
  return !before.contains(stop) && (before.compareDocumentPosition(stop) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
}

function wasMoved(element: Element, changes: readonly MutationRecord[]): boolean {
  return changes.some(({ removedNodes }) => [...removedNodes].some((node) => node.contains(element)));
}

/** What comes next in the innermost holder that is left, else what is last in it. */
function stopAt({ levels }: Place, main: HTMLElement): HTMLElement | undefined {
  for (const { before, holder } of levels) {
    // Beyond its page nothing is near to it.
    if (holder === main || holder === document.body) return main;
    if (!isShown(holder)) continue;
    const stops = [...holder.querySelectorAll<HTMLElement>(STOPS)].filter(isShown);
    const next = stops.filter((stop) => before === null || !before.isConnected || follows(stop, before));
    // A key that is held too long must not press what cannot be undone.
    const found = next.find((stop) => !stop.classList.contains("button-danger")) ?? stops.at(-1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** @param main takes the focus where nothing near is left */
export function createFocusKeeping(main: () => HTMLElement): void {
  let place: Place | undefined;
  /** Where something was done last in the page itself: from a notice about it one goes back there. */
  let acted: Place | undefined;
  /** It was pressed, and nothing can be done with it until that is done. */
  let isAtWork = false;
  /** A field that takes the focus unasked brings up the keyboard of a touch screen. */
  let byKeys = true;

  function note(at: EventTarget | null): void {
    if (!(at instanceof HTMLElement) || at === document.body) return;
    place = placeOf(at);
    isAtWork = false;
  }

  function look(changes: readonly MutationRecord[]): void {
    if (place === undefined || !byKeys) return;
    const { at } = place;
    if (isBusy(at)) {
      isAtWork = true;
      return;
    }
    if (!isLost()) return;
    if (isShown(at)) {
      // A row that changes its place in the page loses the focus, too.
      if (isAtWork || wasMoved(at, changes)) at.focus();
      return;
    }
    const from = place.isNotice ? (acted ?? place) : place;
    place = undefined;
    const stop = isShown(from.at) ? from.at : stopAt(from, main());
    stop?.focus({ preventScroll: stop === main() });
  }

  const onKey = ({ key }: KeyboardEvent): void => {
    byKeys = true;
    note(document.activeElement);
    if (place !== undefined && !place.isNotice && (key === "Enter" || key === " ")) acted = place;
  };
  const onPointer = (): void => void (byKeys = false);
  const onFocusIn = (event: FocusEvent): void => note(event.target);
  const observer = new MutationObserver(look);
  function onFocusOut({ relatedTarget }: FocusEvent): void {
    if (relatedTarget !== null) return;
    queueMicrotask(() => {
      look(observer.takeRecords());
      // Given up, not lost: it is there still.
      if (place !== undefined && isLost() && isShown(place.at) && !isBusy(place.at)) place = undefined;
    });
  }

  onMount(() => {
    observer.observe(document.body, {
      childList: true,
      subtree: true,
      attributes: true,
      attributeFilter: ["disabled", "hidden", "inert"],
    });
    document.addEventListener("keydown", onKey, true);
    document.addEventListener("pointerdown", onPointer, true);
    document.addEventListener("focusin", onFocusIn);
    document.addEventListener("focusout", onFocusOut);
    onCleanup(() => {
      observer.disconnect();
      document.removeEventListener("keydown", onKey, true);
      document.removeEventListener("pointerdown", onPointer, true);
      document.removeEventListener("focusin", onFocusIn);
      document.removeEventListener("focusout", onFocusOut);
    });
  });
}
