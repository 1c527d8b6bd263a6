/** Lists of things to tick, on both sides of a pack. */
import { createUniqueId, For, type JSX, Show } from "solid-js";
import type { AlikeView } from "../../../peer/api.ts";
import { AuthorMarks } from "../../components/guard/index.tsx";

export interface Choice {
  readonly key: string;
  readonly label: JSX.Element;
  /** What stands below, in small: the end of an address, a path. */
  readonly detail?: JSX.Element;
  /** Of a person whose name looks like that of somebody who is known here. */
  readonly alike?: AlikeView | null;
  /** Why it cannot be chosen. */
  readonly fixed?: string | undefined;
}

export function PickList(props: {
  title: string;
  choices: readonly Choice[];
  chosen: ReadonlySet<string>;
  onToggle: (key: string) => void;
  empty?: string;
}): JSX.Element {
  const id = createUniqueId();
  return (
    <Show when={props.choices.length > 0 || props.empty}>
      <section class="section" aria-labelledby={id}>
        <h2 id={id}>{props.title}</h2>
        <div class="pick-list">
          <For each={props.choices} fallback={<p class="py-2 text-sm text-faint">{props.empty}</p>}>
            {(choice) => (
              <label class="pick" data-pick={choice.key}>
                <input
                  type="checkbox"
                  checked={choice.fixed === undefined && props.chosen.has(choice.key)}
                  disabled={choice.fixed !== undefined}
                  onChange={() => props.onToggle(choice.key)}
                />
                <span class="pick-text">
                  <span class="row-name">{choice.label}</span>
                  <Show when={choice.fixed ?? choice.detail}>
                    <span class="text-sm text-faint">{choice.fixed ?? choice.detail}</span>
                  </Show>
                  <span class="empty:hidden">
                    <AuthorMarks guard={{ alike: choice.alike ?? null, flagged: 0 }} plain />
                  </span>
                </span>
              </label>
            )}
          </For>
        </div>
      </section>
    </Show>
  );
}
