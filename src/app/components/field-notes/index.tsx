/** What stands below a field: what it is for, and what is wrong with what is in it. The field names both in `aria-describedby`. */
import { type JSX, Show } from "solid-js";

/** @param props.id of the field: the notes are `<id>-hint` and `<id>-problem` */
export function FieldNotes(props: {
  id: string;
  hint?: string | undefined;
  problem?: string | undefined;
}): JSX.Element {
  return (
    <>
      <Show when={props.hint}>
        <p id={`${props.id}-hint`} class="field-hint">
          {props.hint}
        </p>
      </Show>
      <p id={`${props.id}-problem`} class="field-problem" role="alert">
        {props.problem}
      </p>
    </>
  );
}
