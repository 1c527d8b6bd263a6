/** Mutes words, many at once, and kinds of posts. */
import { createMemo, createSignal, For, type JSX } from "solid-js";
import type { MutedKind, MuteTarget } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { useActions } from "../../state/actions.ts";
import { LENGTH_NAMES, type Length, untilOf } from "../../state/defending.ts";
import { CONTENT_KINDS } from "../../text/content-kinds.ts";
import { Choice } from "../settings/choice.tsx";
import { LinesForm } from "./lines-form.tsx";
import type { Mutes } from "./rows.ts";
import { useMutesWords } from "./words.ts";

const KINDS: readonly MutedKind[] = ["boost", "reply", ...CONTENT_KINDS];

export function AddWords(props: { mutes: Mutes }): JSX.Element {
  const { t, number } = useI18n();
  const { t: w } = useMutesWords();
  const [whole, setWhole] = createSignal(true);

  function read(text: string) {
    const words = text
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "");
    return { targets: words.map((word): MuteTarget => ({ kind: "word", word, whole: whole() })), left: "" };
  }

  return (
    <LinesForm
      id="words"
      title={w("add")}
      label={w("words")}
      hint={w("words.hint")}
      add={w("addWords")}
      mutes={props.mutes}
      read={read}
      told={(count) => w(count === 1 ? "added_one" : "added_other", { count: number(count) })}
    >
      <label class="check">
        <input type="checkbox" checked={whole()} onChange={(event) => setWhole(event.currentTarget.checked)} />
        {t("mute.whole")}
      </label>
    </LinesForm>
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
