/** The head of a page: its one h1, a line under it, and what belongs beside it. */
import { type JSX, Show } from "solid-js";

export function PageHead(props: { title: JSX.Element; lead?: string; children?: JSX.Element }): JSX.Element {
  return (
    <header class="masthead">
      <h1 class="isolate-text" dir="auto">
        {props.title}
      </h1>
      <Show when={props.lead}>
        <p class="mt-2 max-w-measure text-soft">{props.lead}</p>
      </Show>
      {props.children}
    </header>
  );
}
