/** Lines that are muted together, in one way and for one time: the form for words and the one for what has a name. */
import { createSignal, createUniqueId, type JSX } from "solid-js";
import type { MuteTarget } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { useActions } from "../../state/actions.ts";
import { useConnection } from "../../state/connection.tsx";
import { notify } from "../../state/notices.ts";
import { useDefenceProblems } from "./problems.ts";
import { muteAll, type Mutes } from "./rows.ts";
import { createTerms, TermsFields } from "./terms.tsx";

export function LinesForm(props: {
  /** Of the section, for links to it. */
  id: string;
  title: string;
  label: string;
  hint: string;
  /** On the button. */
  add: string;
  /** Names and addresses: nothing that a keyboard should begin with a capital or find misspelt. */
  isNames?: boolean;
  mutes: Mutes;
  /** What the lines mean, asked for when they are to be muted, and what of them stays in the field then. */
  read: (text: string) => { readonly targets: readonly MuteTarget[]; readonly left: string };
  /** What is said of so many that were muted. */
  told: (count: number) => string;
  /** What is wrong with lines, besides what the peer refuses. */
  bad?: JSX.Element;
  isBad?: boolean;
  /** Between the field and how long it is for. */
  children?: JSX.Element;
}): JSX.Element {
  const { t } = useI18n();
  const { api } = useConnection();
  const { run } = useActions();
  const problemOf = useDefenceProblems();
  const terms = createTerms();
  const id = createUniqueId();
  const [text, setText] = createSignal("");
  const [problem, setProblem] = createSignal<string>();
  const [isBusy, setBusy] = createSignal(false);
  let field!: HTMLTextAreaElement;

  async function add(): Promise<void> {
    const peer = api();
    if (!peer || isBusy()) return;
    const { left, targets } = props.read(text());
    setProblem(undefined);
    if (targets.length === 0) {
      field.focus();
      return;
    }
    setBusy(true);
    try {
      const mutes = targets.map((target) => ({ target, ...terms.of() }));
      const { count, undo } = await muteAll(peer, mutes, props.mutes);
      setText(left);
      notify(props.told(count), undo === null ? undefined : { label: t("app.undo"), run: () => void run(undo) });
    } catch (error) {
      setProblem(problemOf(error));
    } finally {
      setBusy(false);
    }
    // What is told moves what was pressed from its place.
    if (text() !== "") field.focus();
  }

  return (
    <section class="section" id={props.id}>
      <h2>{props.title}</h2>
      <form
        class="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <div class="field">
          <label for={id}>{props.label}</label>
          <textarea
            ref={field}
            id={id}
            class="input"
            dir="auto"
            rows={4}
            autocapitalize={props.isNames ? "none" : undefined}
            spellcheck={props.isNames ? false : undefined}
            value={text()}
            readOnly={isBusy()}
            aria-describedby={`${id}-hint ${id}-problem`}
            aria-invalid={props.isBad === true || problem() !== undefined}
            onInput={(event) => setText(event.currentTarget.value)}
          />
          <p id={`${id}-hint`} class="field-hint">
            {props.hint}
          </p>
          <div id={`${id}-problem`} class="field-problem" role="alert">
            {problem()}
            {props.bad}
          </div>
        </div>
        {props.children}
        <TermsFields terms={terms} />
        <div>
          <button type="submit" class="button button-primary">
            {props.add}
          </button>
        </div>
      </form>
    </section>
  );
}
