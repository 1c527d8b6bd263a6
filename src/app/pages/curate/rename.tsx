/** Moves everything to a feed of another name: the name itself is where others find it. */
import { createSignal, type JSX, Show } from "solid-js";
import { CuratedNameField } from "../../components/curated/name-field.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { createNameForm } from "./name-form.ts";

export function Rename(props: {
  /** Rejects with what is wrong with it. */
  onRename: (to: string) => Promise<void>;
}): JSX.Element {
  const { t } = useI18n();
  const [isOpen, setOpen] = createSignal(false);
  const { isBusy, name, problem, send, setName } = createNameForm();
  const rename = (to: string) => props.onRename(to);

  return (
    <Show
      when={isOpen()}
      fallback={
        <button type="button" class="button mt-3" onClick={() => setOpen(true)}>
          {t("curate.rename")}
        </button>
      }
    >
      <form
        class="feed-form"
        onSubmit={(event) => {
          event.preventDefault();
          void send(rename);
        }}
      >
        <CuratedNameField value={name()} onInput={setName} />
        <p class="field-problem" role="alert">
          {problem() ?? ""}
        </p>
        <div class="flex flex-wrap gap-3">
          <button type="submit" class="button button-primary" disabled={isBusy()}>
            {t("curate.rename.do")}
          </button>
          <button type="button" class="button button-quiet" onClick={() => setOpen(false)}>
            {t("app.cancel")}
          </button>
        </div>
      </form>
    </Show>
  );
}
