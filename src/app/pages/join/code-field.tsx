/** A code that somebody gave: pasted, typed, scanned, or read from a picture. */
import { createSignal, createUniqueId, type JSX, Show, Suspense } from "solid-js";
import { lazily } from "../../i18n/index.tsx";
import { useJoinWords } from "./words.ts";

const Scanner = lazily(() => import("./scanner.tsx"));

export function CodeField(props: {
  label: string;
  button: string;
  busy: boolean;
  /** Gets the text as it is; what it is worth, the peer says. */
  onText: (text: string) => void;
}): JSX.Element {
  const { t } = useJoinWords();
  const fieldId = createUniqueId();
  const [text, setText] = createSignal("");
  const [scanning, setScanning] = createSignal(false);

  return (
    <form
      class="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (text().trim() !== "" && !props.busy) props.onText(text());
      }}
    >
      <div class="field">
        <label for={fieldId}>{props.label}</label>
        <textarea
          id={fieldId}
          class="input code-text"
          dir="ltr"
          rows={3}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          value={text()}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </div>
      <div class="flex flex-wrap gap-2">
        <button type="submit" class="button button-primary" disabled={props.busy || text().trim() === ""}>
          {props.busy ? t("field.connecting") : props.button}
        </button>
        <button type="button" class="button" onClick={() => setScanning(true)}>
          {t("field.scan")}
        </button>
      </div>
      <Show when={scanning()}>
        <Suspense>
          <Scanner
            onClose={() => setScanning(false)}
            onFound={(found) => {
              setScanning(false);
              setText(found);
              props.onText(found);
            }}
          />
        </Suspense>
      </Show>
    </form>
  );
}
