/** Short words at the foot of the page, spoken by screen readers once; at most one action, such as "Undo". */
import { createSignal } from "solid-js";

export interface Notice {
  readonly id: number;
  readonly text: string;
  readonly action?: { readonly label: string; run(): void };
}

/** Long enough to read ten words and reach the button. */
const SHOWN_FOR = 7_000;

const [notices, setNotices] = createSignal<readonly Notice[]>([]);
let lastId = 0;
/** Of the one that is shown. */
let timer: ReturnType<typeof setTimeout> | undefined;

export { notices };

export function dismiss(id: number): void {
  setNotices((list) => list.filter((notice) => notice.id !== id));
}

/** It stays: somebody is at its button. */
export function hold(): void {
  clearTimeout(timer);
}

/** It goes after a while, counted from now. */
export function release(id: number): void {
  clearTimeout(timer);
  timer = setTimeout(() => dismiss(id), SHOWN_FOR);
}

/** Shows a notice; a newer one takes the place of the older. */
export function notify(text: string, action?: Notice["action"]): void {
  lastId += 1;
  const id = lastId;
  setNotices([action ? { id, text, action } : { id, text }]);
  release(id);
}
