/** Whether the files of a draft come covered to others: a topic says so, and this is another way to it. */
import { createEffect, createSignal, type JSX, on } from "solid-js";
import type { Draft } from "../../../../peer/api.ts";
import { CheckField } from "../../../components/check-field/index.tsx";
import { useI18n } from "../../../i18n/index.tsx";
import { isMarked, marked, markRefusal, unmarked } from "../../../text/sensitive.ts";

export function CoverField(props: {
  draft: Draft;
  /** Whether the author wants others than trusted people to have it. */
  isOpen: boolean;
  onChange: (scopes: readonly string[]) => void;
}): JSX.Element {
  const { t } = useI18n();
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
    <CheckField
      words={t("write.cover")}
      hint={t(`write.cover.${refusal() ?? "hint"}`)}
      checked={checked()}
      refused={refusal() !== null}
      onChange={change}
    />
  );
}
