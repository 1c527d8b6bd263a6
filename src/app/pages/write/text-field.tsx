/** One field of words with what is wrong with it, or else what it is for. What is typed in it is kept with every key. */
import { createUniqueId, type JSX, Show } from "solid-js";

export function TextField(props: {
  label: string;
  value: string;
  hint: string;
  problem: string | undefined;
  /** Lines; none for a field of one line. */
  rows?: number;
  class?: string;
  hintClass?: string;
  placeholder?: string;
  ref?: (area: HTMLTextAreaElement) => void;
  onInput: (text: string) => void;
}): JSX.Element {
  const id = createUniqueId();
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <Show
        when={props.rows}
        fallback={
          <input
            id={id}
            class={`input ${props.class ?? ""}`}
            data-kept=""
            type="text"
            dir="auto"
            value={props.value}
            aria-describedby={`${id}-hint`}
            aria-invalid={props.problem ? true : undefined}
            onInput={(event) => props.onInput(event.currentTarget.value)}
          />
        }
      >
        <textarea
          ref={(area) => props.ref?.(area)}
          id={id}
          class={`input ${props.class ?? ""}`}
          data-kept=""
          dir="auto"
          rows={props.rows}
          placeholder={props.placeholder}
          value={props.value}
          aria-describedby={`${id}-hint`}
          aria-invalid={props.problem ? true : undefined}
          onInput={(event) => props.onInput(event.currentTarget.value)}
        />
      </Show>
      <p id={`${id}-hint`} class={props.problem ? "field-problem" : `field-hint ${props.hintClass ?? ""}`}>
        {props.problem ?? props.hint}
      </p>
    </div>
  );
}
