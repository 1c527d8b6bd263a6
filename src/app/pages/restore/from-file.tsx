/** A backup file, and its passphrase if it has one. */
import { createSignal, createUniqueId, type JSX, Show } from "solid-js";
import { PassphraseField } from "../../components/passphrase-field/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { codeOf } from "../../state/errors.ts";
import { useProblems } from "../../state/problems.ts";
import { useArrival } from "./arrival.ts";
import { WordsArea } from "./words-area.tsx";

export function FromFile(): JSX.Element {
  const { t } = useI18n();
  const { origin } = useConnection();
  const arrive = useArrival();
  const problemOf = useProblems("restore.problem");
  const id = createUniqueId();
  const [file, setFile] = createSignal<File>();
  const [passphrase, setPassphrase] = createSignal("");
  /** A file says by itself whether it is under one, but only to the peer. */
  const [needed, setNeeded] = createSignal(false);
  const [words, setWords] = createSignal("");
  /** It may also hold no key. */
  const [keyless, setKeyless] = createSignal(false);
  const [busy, setBusy] = createSignal(false);
  const [problem, setProblem] = createSignal<string>();

  async function restore(): Promise<void> {
    const peer = origin();
    const chosen = file();
    if (!peer || !chosen || busy()) return;
    setBusy(true);
    setProblem(undefined);
    try {
      await peer.restoreBackup(chosen, {
        ...(needed() ? { passphrase: passphrase() } : {}),
        ...(keyless() ? { words: words() } : {}),
      });
      arrive();
    } catch (error) {
      if (codeOf(error) === "PASSPHRASE_NEEDED") setNeeded(true);
      if (codeOf(error) === "WORDS_NEEDED") setKeyless(true);
      setProblem(problemOf(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <section class="section">
      <h2>{t("restore.file")}</h2>
      <form
        class="grid justify-items-start gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void restore();
        }}
      >
        <div class="field w-full">
          <label for={id}>{t("restore.file.label")}</label>
          <input
            id={id}
            class="input"
            type="file"
            aria-describedby={`${id}-hint ${id}-problem`}
            onChange={(event) => {
              setFile(event.currentTarget.files?.[0]);
              setNeeded(false);
              setKeyless(false);
              setProblem(undefined);
            }}
          />
          <p id={`${id}-hint`} class="field-hint">
            {t("restore.file.hint")}
          </p>
          <p id={`${id}-problem`} class="field-problem" role="alert">
            {problem()}
          </p>
        </div>
        <Show when={needed()}>
          <PassphraseField label={t("vault.passphrase")} kind="present" value={passphrase()} onInput={setPassphrase} />
        </Show>
        <Show when={keyless()}>
          <div class="field w-full">
            <WordsArea id={`${id}-words`} value={words()} onInput={setWords} />
          </div>
        </Show>
        <button type="submit" class="button" disabled={busy() || file() === undefined}>
          <Show when={busy()} fallback={t("restore.file.button")}>
            {t("restore.busy")}
          </Show>
        </button>
      </form>
    </section>
  );
}
