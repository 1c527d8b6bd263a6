/** What a curated feed that is not there yet is to be called. */
import { createUniqueId, type JSX } from "solid-js";
import { useI18n } from "../../i18n/index.tsx";

const MOST_NAME = 64;

export function CuratedNameField(props: { value: string; onInput: (name: string) => void }): JSX.Element {
  const { t } = useI18n();
  const id = createUniqueId();
  return (
    <div class="field">
      <label for={id}>{t("curate.name")}</label>
      <input
        id={id}
        class="input"
        type="text"
        dir="auto"
        maxlength={MOST_NAME}
        autocomplete="off"
        value={props.value}
        aria-describedby={`${id}-hint`}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
      <p id={`${id}-hint`} class="field-hint">
        {t("curate.name.hint")}
      </p>
    </div>
  );
}
