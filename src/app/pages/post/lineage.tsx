/** What a post answers, from the beginning of the conversation down to it; what is missing of that is looked for. */
import { createSignal, For, type JSX, Show } from "solid-js";
import type { LineageView } from "../../../peer/api.ts";
import { PostLine } from "../../components/post-line/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { MissingPost } from "./missing-post.tsx";

/** The nearest ones, so that the post itself is on the first screen; the others come at a press. */
const NEAREST = 3;

export function Lineage(props: { line: LineageView }): JSX.Element {
  const { t, number } = useI18n();
  const [all, setAll] = createSignal(false);
  const hidden = () => (all() ? 0 : Math.max(0, props.line.above.length - NEAREST));
  return (
    <Show when={props.line.above.length > 0 || props.line.missing !== null}>
      <section class="lineage" aria-label={t("thread.above")}>
        <Show when={hidden() > 0}>
          <button type="button" class="button button-small button-quiet" onClick={() => setAll(true)}>
            {t(hidden() === 1 ? "thread.above.all_one" : "thread.above.all_other", { count: number(hidden()) })}
          </button>
        </Show>
        <Show when={hidden() === 0 && props.line.more}>
          <p class="px-3 text-xs text-faint">{t("thread.above.more")}</p>
        </Show>
        <Show when={hidden() === 0 && props.line.missing}>
          {(hash) => (
            <MissingPost hash={hash()} eager words={{ missing: "thread.missing", looking: "thread.missing.looking" }} />
          )}
        </Show>
        <ol>
          <For each={props.line.above.slice(hidden())}>
            {({ envelope }) => (
              <li>
                <Show when={envelope} fallback={<p class="post-line post-line-missing">{t("thread.above.blocked")}</p>}>
                  {(present) => <PostLine envelope={present()} />}
                </Show>
              </li>
            )}
          </For>
        </ol>
      </section>
    </Show>
  );
}
