/** The title of the page: in the tab, and as the name of the main landmark, which takes the focus on a new page. */
import { createEffect, createSignal, onCleanup } from "solid-js";

const [pageTitle, setPageTitle] = createSignal("");

export { pageTitle };

export function createTitle(title: () => string): void {
  createEffect(() => {
    setPageTitle(title());
    document.title = `${title()} · Mehr`;
  });
  onCleanup(() => {
    document.title = "Mehr";
  });
}
