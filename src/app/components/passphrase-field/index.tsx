/** A field for a passphrase, one to be set or a present one, as password keepers know them. */
import { createUniqueId, type JSX } from "solid-js";
import { FieldNotes } from "../field-notes/index.tsx";

export function PassphraseField(props: {
  label: string;
  kind: "new" | "present";
  value: string;
  onInput: (value: string) => void;
  hint?: string;
  problem?: string | undefined;
}): JSX.Element {
  const id = createUniqueId();
  return (
    <div class="field w-full">
      <label for={id}>{props.label}</label>
      <input
        id={id}
        class="input"
        type="password"
        dir="auto"
        autocomplete={props.kind === "new" ? "new-password" : "current-password"}
        autocapitalize="none"
        spellcheck={false}
        value={props.value}
        aria-invalid={props.problem ? true : undefined}
        aria-describedby={`${id}-hint ${id}-problem`}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
      <FieldNotes id={id} hint={props.hint} problem={props.problem} />
    </div>
  );
}
