/** A box to tick, and what that means. */
import { createUniqueId, type JSX, Show } from "solid-js";

export function CheckField(props: {
  words: string;
  hint?: string;
  checked: boolean;
  /** It cannot be changed now, and the hint says why. */
  refused?: boolean;
  onChange: (checked: boolean) => void;
}): JSX.Element {
  const id = createUniqueId();
  return (
    <div class="field">
      <label class="check" for={id}>
        <input
          id={id}
          type="checkbox"
          checked={props.checked}
          // Not disabled: the reason has to be found by those who do not see it.
          aria-disabled={props.refused}
          aria-describedby={props.hint === undefined ? undefined : `${id}-hint`}
          onClick={(event) => {
            if (props.refused) event.preventDefault();
          }}
          onChange={(event) => {
            const box = event.currentTarget;
            const wish = box.checked;
            // What is asked for may be refused: the box shows what is.
            box.checked = props.checked;
            props.onChange(wish);
          }}
        />
        {props.words}
      </label>
      <Show when={props.hint}>
        <p id={`${id}-hint`} class="field-hint">
          {props.hint}
        </p>
      </Show>
    </div>
  );
}
