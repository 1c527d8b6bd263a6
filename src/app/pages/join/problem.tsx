/** Why a code did not lead to a link, in plain words, and what can be done. */
import { type JSX, Show } from "solid-js";
import { useJoinWords } from "./words.ts";

export function Problem(props: { code: string; children?: JSX.Element }): JSX.Element {
  const { has, t } = useJoinWords();
  const what = () => (has(props.code) ? t(props.code) : t("other", { code: props.code }));
  const advice = () => {
    const key = `${props.code}.do`;
    return has(key) ? t(key) : t("other.do");
  };
  return (
    <div class="note" role="alert" data-code={props.code}>
      <h2>{t("problem.title")}</h2>
      <p>{what()}</p>
      <p class="text-soft">{advice()}</p>
      <Show when={props.children}>
        <div class="flex flex-wrap gap-3">{props.children}</div>
      </Show>
    </div>
  );
}
