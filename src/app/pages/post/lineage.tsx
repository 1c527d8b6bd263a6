/** What a post answers, from the beginning of the conversation down to it; what is missing of that is looked for. */
import { createMemo, For, type JSX, Show } from "solid-js";
import { PostLine } from "../../components/post-line/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { createLiveValue } from "../../state/live.ts";
import { MissingPost } from "./missing-post.tsx";

export function Lineage(props: { of: string }): JSX.Element {
  const { t } = useI18n();
  const { api } = useConnection();
  const query = createMemo(() => ({ hash: props.of }));
  const live = createLiveValue(api, "lineage", () => query());
  const isThere = () => {
    const line = live.value();
    return line !== undefined && (line.above.length > 0 || line.missing !== null);
  };
  return (
    <Show when={isThere()}>
      <section class="lineage" aria-label={t("thread.above")}>
        <Show when={live.value()?.more}>
          <p class="text-xs text-faint">{t("thread.above.more")}</p>
        </Show>
        <Show when={live.value()?.missing}>
          {(hash) => (
            <MissingPost hash={hash()} eager words={{ missing: "thread.missing", looking: "thread.missing.looking" }} />
          )}
        </Show>
        <ol>
          <For each={live.value()?.above}>
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
