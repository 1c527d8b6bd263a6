/** Saves a backup file, under a passphrase unless the person wants it otherwise. */
import { createSignal, createUniqueId, type JSX, Show } from "solid-js";
import { A } from "@solidjs/router";
import { CheckField } from "../../components/check-field/index.tsx";
import { PassphraseField } from "../../components/passphrase-field/index.tsx";
import { ComingAlong } from "../../components/coming-along/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { notify } from "../../state/notices.ts";
import { useProblems } from "../../state/problems.ts";

/** Browsers read the file after the click has returned. */
const READ_BY = 60_000;

function save(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), READ_BY);
}

export function Backup(): JSX.Element {
  const { t } = useI18n();
  const { api } = useConnection();
  const problemOf = useProblems("vault.problem");
  const id = createUniqueId();
  const [isProtected, setProtected] = createSignal(true);
  const [passphrase, setPassphrase] = createSignal("");
  const [withKey, setWithKey] = createSignal(true);
  const [busy, setBusy] = createSignal(false);
  const [problem, setProblem] = createSignal<string>();

  async function write(): Promise<void> {
    const peer = api();
    if (!peer || busy()) return;
    setBusy(true);
    setProblem(undefined);
    try {
      const keys = withKey();
      const file = await peer.exportBackup(isProtected() ? { keys, passphrase: passphrase() } : { keys });
      save(file, `mehr-backup-${new Date().toISOString().slice(0, 10)}.mehr`);
      setPassphrase("");
      notify(t("backup.done"));
    } catch (error) {
      setProblem(problemOf(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <section class="section" id="backup">
      <h2>{t("backup.title")}</h2>
      <form
        class="grid justify-items-start gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void write();
        }}
      >
        <p class="max-w-measure text-sm text-soft">{t("backup.text")}</p>
        <label class="check" for={id}>
          <input
            id={id}
            type="checkbox"
            checked={isProtected()}
            onChange={(event) => setProtected(event.currentTarget.checked)}
          />
          {t("backup.protect")}
        </label>
        <CheckField words={t("backup.key")} hint={t("backup.key.hint")} checked={withKey()} onChange={setWithKey} />
        <Show
          when={isProtected()}
          fallback={<p class="note text-sm">{t(withKey() ? "backup.open" : "backup.open.keyless")}</p>}
        >
          <PassphraseField
            label={t("vault.passphrase")}
            kind="new"
            value={passphrase()}
            onInput={setPassphrase}
            hint={t("vault.passphrase.hint")}
            problem={problem()}
          />
        </Show>
        <Show when={!isProtected()}>
          <p class="field-problem" role="alert">
            {problem()}
          </p>
        </Show>
        <ComingAlong />
        <div class="flex flex-wrap gap-2">
          <button type="submit" class="button" disabled={busy() || (isProtected() && passphrase() === "")}>
            {t(busy() ? "vault.busy" : "backup.button")}
          </button>
          <A class="button button-quiet" href="/restore">
            {t("identities.restore")}
          </A>
        </div>
      </form>
    </section>
  );
}
