/** Mutes words, many at once, and kinds of posts. */
import { createMemo, createSignal, createUniqueId, For, type JSX } from "solid-js";
import type { MutedKind, MuteInput } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { useActions } from "../../state/actions.ts";
import { useConnection } from "../../state/connection.tsx";
import { LENGTH_NAMES, type Length, untilOf } from "../../state/defending.ts";
import { notify } from "../../state/notices.ts";
import { CONTENT_KINDS } from "../../text/content-kinds.ts";
import { Choice } from "../settings/choice.tsx";
import { useDefenceProblems } from "./problems.ts";
import { muteAll, type Mutes } from "./rows.ts";
import { createTerms, TermsFields } from "./terms.tsx";
import { useMutesWords } from "./words.ts";

const KINDS: readonly MutedKind[] = ["boost", "reply", ...CONTENT_KINDS];

export function AddWords(props: { mutes: Mutes }): JSX.Element {
  const { t, number } = useI18n();
  const { t: w } = useMutesWords();
  const { api } = useConnection();
  const { run } = useActions();
  const problemOf = useDefenceProblems();
  const id = createUniqueId();
  const [text, setText] = createSignal("");
  const [whole, setWhole] = createSignal(true);
  const terms = createTerms();
  const [problem, setProblem] = createSignal<string>();
  let field!: HTMLTextAreaElement;
  const words = () =>
    text()
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "");

  async function add(): Promise<void> {
    const peer = api();
    if (!peer) return;
    setProblem(undefined);
    if (words().length === 0) {
      field.focus();
      return;
    }
    const mutes = words().map((word): MuteInput => {
      return { target: { kind: "word", word, whole: whole() }, ...terms.of() };
    });
    try {
      const { count, undo } = await muteAll(peer, mutes, props.mutes);
      setText("");
      const told = w(count === 1 ? "added_one" : "added_other", { count: number(count) });
      notify(told, undo === null ? undefined : { label: t("app.undo"), run: () => void run(undo) });
    } catch (error) {
      setProblem(problemOf(error));
    }
  }

  return (
    <section class="section" id="words">
      <h2>{w("add")}</h2>
      <form
        class="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <div class="field">
          <label for={id}>{w("words")}</label>
          <textarea
            ref={field}
            id={id}
            class="input"
            dir="auto"
            rows={4}
            value={text()}
            aria-describedby={`${id}-hint ${id}-problem`}
            aria-invalid={problem() !== undefined}
            onInput={(event) => setText(event.currentTarget.value)}
          />
          <p id={`${id}-hint`} class="field-hint">
            {w("words.hint")}
          </p>
          <p id={`${id}-problem`} class="field-problem" role="alert">
            {problem()}
          </p>
        </div>
        <label class="check">
          <input type="checkbox" checked={whole()} onChange={(event) => setWhole(event.currentTarget.checked)} />
          {t("mute.whole")}
        </label>
        <TermsFields terms={terms} />
        <div>
          <button type="submit" class="button button-primary">
            {w("addWords")}
          </button>
        </div>
      </form>
    </section>
  );
}

export function AddKinds(props: { mutes: Mutes }): JSX.Element {
  const { t } = useI18n();
  const { t: w } = useMutesWords();
  const { run } = useActions();
  const [length, setLength] = createSignal<Length>("ever");
  const isMuted = (kind: MutedKind) => props.mutes.rows().some(({ id }) => id === `kind ${kind}`);
  function change(of: MutedKind, muted: boolean): void {
    const until = untilOf(length());
    void run((peer) => (muted ? peer.mute([{ target: { kind: "kind", of }, until }]) : peer.unmute([`kind ${of}`])));
  }
  return (
    <section class="section grid gap-4">
      <h2>{w("kinds")}</h2>
      <Choice
        legend={w("kinds.until")}
        value={length()}
        options={LENGTH_NAMES.map((value) => ({ value, words: t(`mute.${value}`) }))}
        onChange={setLength}
      />
      <ul class="kind-checks">
        <For each={KINDS}>
          {(kind) => {
            // Whatever else is muted meanwhile does not take back what was just ticked.
            const checked = createMemo(() => isMuted(kind));
            return (
              <li>
                <label class="check">
                  <input
                    type="checkbox"
                    checked={checked()}
                    onChange={(event) => change(kind, event.currentTarget.checked)}
                  />
                  {w(`kind.${kind}`)}
                </label>
              </li>
            );
          }}
        </For>
      </ul>
    </section>
  );
}
