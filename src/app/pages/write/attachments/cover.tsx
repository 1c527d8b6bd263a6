/** Whether the files of a draft come covered to others: a topic says so, and this is another way to it. */
import { createEffect, createSignal, createUniqueId, type JSX, on } from "solid-js";
import type { Draft } from "../../../../peer/api.ts";
import { useI18n } from "../../../i18n/index.tsx";
import { isMarked, marked, markRefusal, unmarked } from "../../../text/sensitive.ts";

export function CoverField(props: {
  draft: Draft;
  /** Whether the author wants others than trusted people to have it. */
  isOpen: boolean;
  onChange: (scopes: readonly string[]) => void;
}): JSX.Element {
  const { t } = useI18n();
  const id = createUniqueId();
  const checked = () => isMarked(props.draft.scopes);
  /** Taken away here: whoever changes their mind gets back what was typed. */
  const [before, setBefore] = createSignal<readonly string[]>([]);
  /** With the mark everything was taken away that says who gets the post. */
  const comesBack = () => props.isOpen && props.draft.scopes.length === 0 && before().length > 0;
  const refusal = () => (checked() || comesBack() ? null : markRefusal(props.draft.scopes));
  createEffect(
    on(
      () => props.draft.id,
      () => setBefore([]),
    ),
  );

  function change(cover: boolean): void {
    if (cover) {
      props.onChange(comesBack() ? before() : marked(props.draft.scopes, before()));
      return;
    }
    const { marks, scopes } = unmarked(props.draft.scopes);
    setBefore(marks);
    props.onChange(scopes);
  }

  return (
    <div class="field">
      <label class="check" for={id}>
        <input
          id={id}
          type="checkbox"
          checked={checked()}
          // Not disabled: the reason has to be found by those who do not see it.
          aria-disabled={refusal() !== null}
          aria-describedby={`${id}-hint`}
          onClick={(event) => {
            if (refusal() !== null) event.preventDefault();
          }}
          onChange={(event) => change(event.currentTarget.checked)}
        />
        {t("write.cover")}
      </label>
      <p id={`${id}-hint`} class="field-hint">
        {t(`write.cover.${refusal() ?? "hint"}`)}
      </p>
    </div>
  );
}
