/** What a page says when it has nothing to show: what is the case, and what can be done. */
import { type JSX, Show } from "solid-js";

export function StateNote(props: {
  title: string;
  text?: string;
  role?: "status" | "alert";
  children?: JSX.Element;
}): JSX.Element {
  return (
    <div class="note m-4" role={props.role}>
      <h2>{props.title}</h2>
      <Show when={props.text}>
        <p class="text-soft">{props.text}</p>
      </Show>
      <Show when={props.children}>
        <div class="flex flex-wrap gap-3">{props.children}</div>
      </Show>
    </div>
  );
}
