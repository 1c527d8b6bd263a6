/** How those of the chosen posts are covered of which their author said that they may disturb. */
import { createMemo, type JSX, Show } from "solid-js";
import type { ScopeKey } from "../../../peer/api.ts";
import type { ArrivedPost } from "../../arriving/index.ts";
import { useI18n } from "../../i18n/index.tsx";
import { scopeLabel } from "../../text/scopes.ts";
import { isMarked, markedFirst } from "../../text/sensitive.ts";
import { useArriveWords } from "./words.ts";

export function SensitiveLine(props: { posts: readonly ArrivedPost[]; scopes: readonly ScopeKey[] }): JSX.Element {
  const { t } = useArriveWords();
  const { list, number } = useI18n();
  const count = createMemo(() => props.posts.filter(({ isSensitive }) => isSensitive).length);
  const gone = () => {
    const marked = markedFirst(props.scopes);
    return props.scopes.filter((scope) => !marked.includes(scope));
  };
  const words = () => {
    const way = props.scopes.length === 0 ? "sensitive.closed" : "sensitive.topic";
    const said = t(`${way}_${count() === 1 ? "one" : "other"}`, { count: number(count()) });
    if (gone().length === 0) return said;
    return `${said} ${t("sensitive.gives", { topics: list(gone().map((scope) => `\u2068${scopeLabel(scope)}\u2069`)) })}`;
  };
  return (
    <Show when={count() > 0 && !isMarked(props.scopes)}>
      <p class="text-sm text-soft" data-sensitive={count()}>
        {words()}
      </p>
    </Show>
  );
}
