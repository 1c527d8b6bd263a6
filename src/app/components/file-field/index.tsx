/**
 * A field for one file, in the words of the app: what the browser draws is in the browser's own language. The native control
 * lies over all of it, unseen, so that it is pressed, reached by keys and dropped on as one.
 */
import { createSignal, createUniqueId, type JSX } from "solid-js";
import { useI18n } from "../../i18n/index.tsx";
import { displayLine } from "../../text/display.ts";
import { FieldNotes } from "../field-notes/index.tsx";

export function FileField(props: {
  label: string;
  /** What is on the button; "Choose a file" unless said otherwise. */
  button?: string;
  accept?: string;
  hint?: string;
  problem?: string | undefined;
  /** `undefined` when the choice was taken back. */
  onFile: (file: File | undefined) => void;
}): JSX.Element {
  const { t } = useI18n();
  const id = createUniqueId();
  const [name, setName] = createSignal<string>();
  const [over, setOver] = createSignal(false);
  const described = () => [props.hint && `${id}-hint`, `${id}-problem`].filter(Boolean).join(" ");
  const shown = () => {
    const chosen = name();
    return chosen === undefined ? t("file.none") : displayLine(chosen);
  };
  return (
    <div class="field w-full">
      <label id={`${id}-label`} for={id}>
        {props.label}
      </label>
      <div class="file-field" data-over={over() ? "" : undefined}>
        <input
          id={id}
          type="file"
          accept={props.accept}
          title={shown()}
          aria-labelledby={`${id}-label ${id}-button`}
          aria-describedby={described()}
          aria-invalid={props.problem ? "true" : undefined}
          onDragEnter={() => setOver(true)}
          onDragLeave={() => setOver(false)}
          onDrop={() => setOver(false)}
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            setName(file?.name);
            props.onFile(file);
          }}
        />
        <span id={`${id}-button`} class="button">
          {props.button ?? t("file.choose")}
        </span>
        <bdi class="file-field-name">{shown()}</bdi>
      </div>
      <FieldNotes id={id} hint={props.hint} problem={props.problem} />
    </div>
  );
}
