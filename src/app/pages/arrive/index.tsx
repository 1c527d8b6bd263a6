/** Posts that were written elsewhere: a file is read in the page, looked through, and of what is chosen come drafts or posts. */
import { createSignal, type JSX, Match, onCleanup, Switch } from "solid-js";
import { readFile, type Arrived } from "../../arriving/index.ts";
import { FileField } from "../../components/file-field/index.tsx";
import { PageHead } from "../../components/page-head/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { codeOf } from "../../state/errors.ts";
import { createTitle } from "../../state/title.ts";
import { Chooser } from "./chooser.tsx";
import { Damaged } from "./damaged.tsx";
import { Held } from "./held.tsx";
import { Queue } from "./queue.tsx";
import { useArriveWords, WithWords } from "./words.ts";

function Reading(): JSX.Element {
  const { t, has } = useArriveWords();
  const { number } = useI18n();
  const [arrived, setArrived] = createSignal<Arrived>();
  const [found, setFound] = createSignal<number>();
  const [problem, setProblem] = createSignal<string>();
  let reading = new AbortController();
  createTitle(() => t("title"));
  onCleanup(() => reading.abort());

  async function read(file: File): Promise<void> {
    reading.abort();
    reading = new AbortController();
    const { signal } = reading;
    setArrived(undefined);
    setProblem(undefined);
    setFound(0);
    try {
      const whole = await readFile(file, { signal, now: Date.now(), onProgress: setFound });
      if (!signal.aborted) setArrived(whole);
    } catch (error) {
      if (signal.aborted) return;
      console.warn("arriving", codeOf(error));
      setProblem(codeOf(error));
    } finally {
      if (!signal.aborted) setFound(undefined);
    }
  }

  function stop(): void {
    reading.abort();
    setFound(undefined);
  }

  return (
    <>
      <PageHead title={t("title")} lead={t("lead")} />
      <div class="page">
        <Queue />
        <Held />
        <Damaged />
        <section class="section">
          <FileField
            label={t(arrived() === undefined ? "file.label" : "file.another")}
            accept=".zip,.gz,.tgz,.tar,.json,.xml,.rss,.atom,.rdf"
            hint={t("file.hint")}
            onFile={(file) => {
              if (file !== undefined) void read(file);
            }}
          />
        </section>
        <Switch>
          <Match when={found() !== undefined}>
            <section class="section grid gap-3">
              <p role="status">{t("reading", { count: number(found() ?? 0) })}</p>
              <progress class="arrive-progress" aria-label={t("title")} />
              <div>
                <button type="button" class="button" onClick={stop}>
                  {t("stop")}
                </button>
              </div>
            </section>
          </Match>
          <Match when={problem()}>
            {(code) => (
              <div class="note" role="alert" data-code={code()}>
                <h2>{t("problem.title")}</h2>
                <p>{has(code()) ? t(code()) : t("other", { code: code() })}</p>
              </div>
            )}
          </Match>
          <Match when={arrived()} keyed>
            {(whole) => <Chooser arrived={whole} />}
          </Match>
        </Switch>
      </div>
    </>
  );
}

export default function Arrive(): JSX.Element {
  return (
    <WithWords>
      <Reading />
    </WithWords>
  );
}
