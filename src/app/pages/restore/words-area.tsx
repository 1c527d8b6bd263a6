/** Where the 24 words are typed. */
import type { JSX } from "solid-js";
import { useI18n } from "../../i18n/index.tsx";

export function WordsArea(props: {
  id: string;
  value: string;
  invalid?: boolean;
  describedBy?: string;
  onInput: (words: string) => void;
}): JSX.Element {
  const { t } = useI18n();
  return (
    <>
      <label for={props.id}>{t("restore.label")}</label>
      <textarea
        id={props.id}
        class="input font-mono"
        dir="ltr"
        rows={5}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        value={props.value}
        aria-invalid={props.invalid ? true : undefined}
        aria-describedby={props.describedBy}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
    </>
  );
}
