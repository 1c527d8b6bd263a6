/** One of a few, each always in sight. */
import { createUniqueId, For, type JSX } from "solid-js";

export function Choice<Value extends string>(props: {
  legend: string;
  value: Value;
  options: readonly { readonly value: Value; readonly words: string; readonly lang?: string }[];
  onChange: (value: Value) => void;
}): JSX.Element {
  const name = createUniqueId();
  return (
    <fieldset>
      <legend class="field-label mb-2">{props.legend}</legend>
      <div class="choices">
        <For each={props.options}>
          {(option) => (
            <label class="choice">
              <input
                type="radio"
                name={name}
                checked={props.value === option.value}
                onChange={() => props.onChange(option.value)}
              />
              <span lang={option.lang}>{option.words}</span>
            </label>
          )}
        </For>
      </div>
    </fieldset>
  );
}
