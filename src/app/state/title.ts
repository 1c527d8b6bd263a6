/** The title of the tab follows the page. */
import { createEffect, onCleanup } from "solid-js";

export function createTitle(title: () => string): void {
  createEffect(() => {
    document.title = `${title()} · Mehr`;
  });
  onCleanup(() => {
    document.title = "Mehr";
  });
}
