/** What a field offers to complete what is typed in it: when it is asked for, and how it is listed (ARIA combobox). */
import { For, type JSX, onCleanup } from "solid-js";

export const SUGGESTIONS = 8;
/** Shorter than a pause between words, longer than one between keys, in milliseconds. */
const TYPING_PAUSE = 120;

/** In an effect that runs with every key: asks after a pause. What is asked then is stale with the next key. */
export function createTypingPause(ask: (isStale: () => boolean) => void): void {
  let stale = false;
  const timer = setTimeout(() => ask(() => stale), TYPING_PAUSE);
  onCleanup(() => {
    stale = true;
    clearTimeout(timer);
  });
}

export function Suggestions<Item>(props: {
  /** Of the field: the list is `${id}-list`, its entries `${id}-0` and so on. */
  id: string;
  class: string;
  label: string;
  items: readonly Item[];
  /** Place of the one that the keys have reached; -1 for none. */
  active: number;
  hidden: boolean;
  onChoose: (item: Item) => void;
  children: (item: Item) => JSX.Element;
}): JSX.Element {
  return (
    <ul id={`${props.id}-list`} class={props.class} role="listbox" aria-label={props.label} hidden={props.hidden}>
      <For each={props.items}>
        {(item, index) => (
          <li
            id={`${props.id}-${index()}`}
            class="suggestion"
            role="option"
            aria-selected={props.active === index()}
            // Pressing must not take the focus from the field: a list may close when the field loses it.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => props.onChoose(item)}
          >
            {props.children(item)}
          </li>
        )}
      </For>
    </ul>
  );
}
