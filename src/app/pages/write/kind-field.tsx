/** What is being written: the fields below follow from it, and so does what others see. */
import { createUniqueId, For, type JSX } from "solid-js";
import type { ContentKind } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { CONTENT_KINDS } from "../../text/content-kinds.ts";

export function KindField(props: {
  value: ContentKind;
  problem: string | undefined;
  onChange: (kind: ContentKind) => void;
}): JSX.Element {
  const { t } = useI18n();
  const id = createUniqueId();
  return (
    <div class="field">
      <label for={id}>{t("write.kind")}</label>
      <select
        id={id}
        class="input"
        aria-describedby={`${id}-hint`}
        aria-invalid={props.problem ? true : undefined}
        onChange={(event) => props.onChange(event.currentTarget.value as ContentKind)}
      >
        <For each={CONTENT_KINDS}>
          {(kind) => (
            <option value={kind} selected={props.value === kind}>
              {t(`kind.${kind}`)}
            </option>
          )}
        </For>
      </select>
      <p id={`${id}-hint`} class={props.problem ? "field-problem" : "field-hint"}>
        {props.problem ?? t(`write.kind.${props.value}`)}
      </p>
    </div>
  );
}
