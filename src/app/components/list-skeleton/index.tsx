/** The shape of a few rows, for the moment before a list is read. */
import { For, type JSX } from "solid-js";

export function ListSkeleton(props: {
  /** What is being read, for who does not see it. */
  label: string;
}): JSX.Element {
  return (
    <div role="status" aria-label={props.label}>
      <For each={[1, 2, 3]}>{() => <div class="bone bone-row" aria-hidden="true" />}</For>
    </div>
  );
}
