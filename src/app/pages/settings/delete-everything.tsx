/** Cannot be undone, so it asks for a typed word. */
import { createSignal, createUniqueId, type JSX, Show } from "solid-js";
import { useI18n } from "../../i18n/index.tsx";
import { useActions } from "../../state/actions.ts";
import { useConnection } from "../../state/connection.tsx";

export function DeleteEverything(): JSX.Element {
  const { t } = useI18n();
  const { run } = useActions();
  const { leave } = useConnection();
  const fieldId = createUniqueId();
  const [typed, setTyped] = createSignal("");
  const [busy, setBusy] = createSignal(false);
  const agreed = () => typed().trim().toLowerCase() === t("settings.delete.word").toLowerCase();

  async function remove(): Promise<void> {
    if (!agreed() || busy()) return;
    setBusy(true);
    // Every tab says so then, and none starts anew by itself.
    if (await run((api) => api.deleteEverything())) await leave();
    else setBusy(false);
  }

  return (
    <section class="section">
      <h2>{t("settings.delete")}</h2>
      <form
        class="grid justify-items-start gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void remove();
        }}
      >
        <p class="max-w-measure text-sm text-soft">{t("settings.delete.text")}</p>
        <div class="field w-full">
          <label for={fieldId}>{t("settings.delete.confirm", { word: `“${t("settings.delete.word")}”` })}</label>
          <input
            id={fieldId}
            class="input"
            type="text"
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            value={typed()}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </div>
        <button type="submit" class="button button-danger" disabled={!agreed() || busy()}>
          <Show when={busy()} fallback={t("settings.delete.button")}>
            {t("settings.delete.busy")}
          </Show>
        </button>
      </form>
    </section>
  );
}
