/** The 24 words, typed. */
import { createSignal, createUniqueId, type JSX, Show } from "solid-js";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { codeOf } from "../../state/errors.ts";
import { useArrival } from "./arrival.ts";
import { WordsArea } from "./words-area.tsx";

export function FromWords(): JSX.Element {
  const { t } = useI18n();
  const { origin } = useConnection();
  const arrive = useArrival();
  const id = createUniqueId();
  const [words, setWords] = createSignal("");
  const [busy, setBusy] = createSignal(false);
  const [problem, setProblem] = createSignal<string>();

  async function restore(): Promise<void> {
    const peer = origin();
    if (!peer || busy()) return;
    setBusy(true);
    setProblem(undefined);
    try {
      await peer.restore(words());
      arrive();
    } catch (error) {
      const code = codeOf(error);
      setProblem(code === "PHRASE_INVALID" ? t("restore.invalid") : t("restore.failed", { code }));
    } finally {
      setBusy(false);
    }
  }

  return (
    <section class="section">
      <h2>{t("restore.words")}</h2>
      <form
        class="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void restore();
        }}
      >
        <p class="max-w-measure text-sm text-soft">{t("restore.text")}</p>
        <div class="field">
          <WordsArea
            id={id}
            value={words()}
            invalid={problem() !== undefined}
            describedBy={`${id}-problem`}
            onInput={(typed) => {
              setWords(typed);
              setProblem(undefined);
            }}
          />
          <p id={`${id}-problem`} class="field-problem" role="alert">
            {problem()}
          </p>
        </div>
        <div>
          <button type="submit" class="button button-primary" disabled={busy() || words().trim() === ""}>
            <Show when={busy()} fallback={t("restore.button")}>
              {t("restore.busy")}
            </Show>
          </button>
        </div>
      </form>
    </section>
  );
}
