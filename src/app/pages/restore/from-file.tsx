/** A backup file, and its passphrase if it has one. */
import { createSignal, createUniqueId, type JSX, Show } from "solid-js";
import type { BackupAdds, PeerApi } from "../../../peer/api.ts";
import { FileField } from "../../components/file-field/index.tsx";
import { PassphraseField } from "../../components/passphrase-field/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { codeOf } from "../../state/errors.ts";
import { useProblems } from "../../state/problems.ts";
import { Adds } from "./adds.tsx";
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
  /** What it would add to the person who is here. */
  const [adds, setAdds] = createSignal<BackupAdds>();

  const secret = () => (needed() ? { passphrase: passphrase() } : {});

  /** `null` for the file of another identity, which is not added to this one but becomes one beside it. */
  async function looked(peer: PeerApi, chosen: File): Promise<BackupAdds | null> {
    try {
      return await peer.previewMerge(chosen, secret());
    } catch (error) {
      if (["BACKUP_OTHER", "LOCKED"].includes(codeOf(error))) return null;
      throw error;
    }
  }

  /** One thing at a time with the file; what went wrong stands below its field, with what the peer needs to go on. */
  async function run<Rest extends readonly unknown[]>(
    work: (peer: PeerApi, chosen: File, ...rest: Rest) => Promise<void>,
    ...rest: Rest
  ): Promise<void> {
    const peer = origin();
    const chosen = file();
    if (!peer || !chosen || busy()) return;
    setBusy(true);
    setProblem(undefined);
    try {
      await work(peer, chosen, ...rest);
    } catch (error) {
      if (codeOf(error) === "PASSPHRASE_NEEDED") setNeeded(true);
      if (codeOf(error) === "WORDS_NEEDED") setKeyless(true);
      setProblem(problemOf(error));
    } finally {
      setBusy(false);
    }
  }

  async function restore(peer: PeerApi, chosen: File): Promise<void> {
    const found = await looked(peer, chosen);
    if (found !== null) return void setAdds(found);
    await peer.restoreBackup(chosen, { ...secret(), ...(keyless() ? { words: words() } : {}) });
    arrive();
  }

  async function merge(peer: PeerApi, chosen: File, settings: boolean): Promise<void> {
    await peer.mergeBackup(chosen, { ...secret(), settings });
    arrive();
  }

  return (
    <section class="section">
      <h2>{t("restore.file")}</h2>
      <form
        class="grid justify-items-start gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void run(restore);
        }}
      >
        <FileField
          label={t("restore.file.label")}
          hint={t("restore.file.hint")}
          problem={problem()}
          onFile={(chosen) => {
            setFile(chosen);
            setNeeded(false);
            setKeyless(false);
            setAdds(undefined);
            setProblem(undefined);
          }}
        />
        <Show when={needed()}>
          <PassphraseField label={t("vault.passphrase")} kind="present" value={passphrase()} onInput={setPassphrase} />
        </Show>
        <Show when={keyless()}>
          <div class="field w-full">
            <WordsArea id={`${id}-words`} value={words()} onInput={setWords} />
          </div>
        </Show>
        <Show when={adds() === undefined}>
          <button type="submit" class="button" disabled={busy() || file() === undefined}>
            <Show when={busy()} fallback={t("restore.file.button")}>
              {t("restore.busy")}
            </Show>
          </button>
        </Show>
      </form>
      <Show when={adds()}>
        {(found) => (
          <Adds
            adds={found()}
            busy={busy()}
            onMerge={(settings) => void run(merge, settings)}
            onDrop={() => setAdds(undefined)}
          />
        )}
      </Show>
    </section>
  );
}
