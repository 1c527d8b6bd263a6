/** Becomes the identity of 24 words. */
import { useNavigate } from "@solidjs/router";
import { createSignal, createUniqueId, type JSX, Show } from "solid-js";
import { PageHead } from "../../components/page-head/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { dropMirror, mirroredDrafts } from "../../state/draft-mirror.ts";
import { codeOf } from "../../state/errors.ts";
import { notify } from "../../state/notices.ts";
import { createTitle } from "../../state/title.ts";

export default function Restore(): JSX.Element {
  const { t } = useI18n();
  const { api, restart } = useConnection();
  const navigate = useNavigate();
  const ids = { words: createUniqueId(), agree: createUniqueId() };
  const [words, setWords] = createSignal("");
  const [agreed, setAgreed] = createSignal(false);
  const [busy, setBusy] = createSignal(false);
  const [problem, setProblem] = createSignal<string>();
  createTitle(() => t("restore.title"));

  async function restore(): Promise<void> {
    const peer = api();
    if (!peer || busy()) return;
    setBusy(true);
    setProblem(undefined);
    try {
      await peer.restore(words());
      for (const draft of mirroredDrafts(localStorage)) dropMirror(localStorage, draft.id);
      // That peer has ended; the one that starts now is the person of these words.
      restart();
      notify(t("restore.done"));
      navigate("/", { replace: true });
    } catch (error) {
      const code = codeOf(error);
      setProblem(code === "PHRASE_INVALID" ? t("restore.invalid") : t("restore.failed", { code }));
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      <PageHead title={t("restore.title")} lead={t("restore.text")} />
      <form
        class="page grid gap-6 pt-6"
        onSubmit={(event) => {
          event.preventDefault();
          void restore();
        }}
      >
        <div class="field">
          <label for={ids.words}>{t("restore.label")}</label>
          <textarea
            id={ids.words}
            class="input font-mono"
            dir="ltr"
            rows={5}
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            value={words()}
            aria-invalid={problem() ? true : undefined}
            aria-describedby={`${ids.words}-problem`}
            onInput={(event) => {
              setWords(event.currentTarget.value);
              setProblem(undefined);
            }}
          />
          <p id={`${ids.words}-problem`} class="field-problem" role="alert">
            {problem()}
          </p>
        </div>
        <p class="note text-sm">{t("restore.warning")}</p>
        <label class="check" for={ids.agree}>
          <input
            id={ids.agree}
            type="checkbox"
            checked={agreed()}
            onChange={(event) => setAgreed(event.currentTarget.checked)}
          />
          {t("restore.agree")}
        </label>
        <div>
          <button type="submit" class="button button-primary" disabled={!agreed() || busy() || words().trim() === ""}>
            <Show when={busy()} fallback={t("restore.button")}>
              {t("restore.busy")}
            </Show>
          </button>
        </div>
      </form>
    </>
  );
}
