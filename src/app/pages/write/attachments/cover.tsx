/** Whether the files of a draft come covered to others: a topic says so, and this is another way to it. */
import { createEffect, createUniqueId, type JSX, on } from "solid-js";
import type { Draft } from "../../../../peer/api.ts";
import { useI18n } from "../../../i18n/index.tsx";
import { isMarked, marked, markRefusal, unmarked } from "../../../text/sensitive.ts";

export function CoverField(props: { draft: Draft; onChange: (scopes: readonly string[]) => void }): JSX.Element {
  const { t } = useI18n();
  const id = createUniqueId();
  const checked = () => isMarked(props.draft.scopes);
  const refusal = () => (checked() ? null : markRefusal(props.draft.scopes));
  /** Taken away here: whoever changes their mind gets back what was typed. */
  let before: readonly string[] = [];
  createEffect(
    on(
      () => props.draft.id,
      () => (before = []),
    ),
  );

  function change(cover: boolean): void {
    if (cover) {
      props.onChange(marked(props.draft.scopes, before));
      return;
    }
    const { marks, scopes } = unmarked(props.draft.scopes);
    before = marks;
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
