/** Mutes people, places, topics and conversations, many at once: what is not understood stays in the field, and is told line by line. */
import { createSignal, createUniqueId, For, type JSX, Show } from "solid-js";
import { useI18n } from "../../i18n/index.tsx";
import { useActions } from "../../state/actions.ts";
import { useConnection } from "../../state/connection.tsx";
import { notify } from "../../state/notices.ts";
import { useSession } from "../../state/session.tsx";
import { displayLine } from "../../text/display.ts";
import { type BadLine, readLines } from "./lines.ts";
import { useDefenceProblems } from "./problems.ts";
import { muteAll, type Mutes } from "./rows.ts";
import { createTerms, TermsFields } from "./terms.tsx";
import { useMutesWords } from "./words.ts";

/** Lines that are told of; the others follow when these are mended. */
const NAMED = 8;
/** Characters of a line that are told: enough to find it by. */
const TOLD = 48;

export function AddMany(props: { mutes: Mutes }): JSX.Element {
  const { t, number } = useI18n();
  const { t: w } = useMutesWords();
  const { api } = useConnection();
  const { identity } = useSession();
  const { run } = useActions();
  const problemOf = useDefenceProblems();
  const terms = createTerms();
  const id = createUniqueId();
  const [text, setText] = createSignal("");
  const [bad, setBad] = createSignal<readonly BadLine[]>([]);
  const [problem, setProblem] = createSignal<string>();
  const [isBusy, setBusy] = createSignal(false);
  let field!: HTMLTextAreaElement;

  async function add(): Promise<void> {
    const peer = api();
    if (!peer || isBusy()) return;
    const read = readLines(text(), identity()?.id);
    setProblem(undefined);
    setBad(read.bad);
    if (read.targets.length === 0) {
      field.focus();
      return;
    }
    setBusy(true);
    try {
      const mutes = read.targets.map((target) => ({ target, ...terms.of() }));
      const { count, undo } = await muteAll(peer, mutes, props.mutes);
      setText(read.bad.map(({ line }) => line).join("\n"));
      const told = w(count === 1 ? "many.added_one" : "many.added_other", { count: number(count) });
      notify(told, undo === null ? undefined : { label: t("app.undo"), run: () => void run(undo) });
    } catch (error) {
      setProblem(problemOf(error));
    } finally {
      setBusy(false);
    }
    // What is told moves what was pressed from its place.
    if (text() !== "") field.focus();
  }
  function told({ line, problem: why }: BadLine): string {
    const shown = displayLine(line);
    const begin = shown.length > TOLD ? `${shown.slice(0, TOLD).toWellFormed()}…` : shown;
    return w(`many.problem.${why}`, { line: `\u2068${begin}\u2069` });
  }

  return (
    <section class="section" id="many">
      <h2>{w("many")}</h2>
      <form
        class="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <div class="field">
          <label for={id}>{w("many.lines")}</label>
          <textarea
            ref={field}
            id={id}
            class="input"
            dir="auto"
            rows={4}
            autocapitalize="none"
            spellcheck={false}
            value={text()}
            readOnly={isBusy()}
            aria-describedby={`${id}-hint ${id}-problem`}
            aria-invalid={bad().length > 0 || problem() !== undefined}
            onInput={(event) => setText(event.currentTarget.value)}
          />
          <p id={`${id}-hint`} class="field-hint">
            {w("many.hint")}
          </p>
          <div id={`${id}-problem`} class="field-problem" role="alert">
            {problem()}
            <Show when={bad().length > 0}>
              <p>{w("many.left")}</p>
              <ul class="bad-lines">
                <For each={bad().slice(0, NAMED)}>{(line) => <li>{told(line)}</li>}</For>
              </ul>
              <Show when={bad().length > NAMED}>
                <p>
                  {w(bad().length === NAMED + 1 ? "preview.more_one" : "preview.more_other", {
                    count: number(bad().length - NAMED),
                  })}
                </p>
              </Show>
            </Show>
          </div>
        </div>
        <TermsFields terms={terms} />
        <div>
          <button type="submit" class="button button-primary">
            {w("many.add")}
          </button>
        </div>
      </form>
    </section>
  );
}
