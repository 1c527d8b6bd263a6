/** Replies to a post, oldest first, as they have reached this device. */
import { createMemo, For, type JSX, Show } from "solid-js";
import type { FindingView } from "../../../peer/api.ts";
import { EnvelopeCard } from "../../components/envelope-card/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { createLiveRows } from "../../state/live.ts";
import { Looking } from "./looking.tsx";

/** @param props.to Hash of the post, which its answers name; several envelopes may carry one post. */
export function Replies(props: { to: string; finding: FindingView | undefined }): JSX.Element {
  const { t } = useI18n();
  const { api } = useConnection();
  const params = createMemo(() => ({ feed: { kind: "replies", to: props.to } as const }));
  const live = createLiveRows(
    api,
    "feed",
    () => params(),
    (row) => row.hash,
  );
  const inOrder = () => [...live.rows()].reverse();

  return (
    <section aria-labelledby="replies">
      <h2 id="replies" class="px-4 pt-6 text-lg">
        {t("post.replies")}
      </h2>
      <Show when={live.ready()}>
        <Show when={live.hasMore()}>
          <div class="px-4 pt-4">
            <button
              type="button"
              class="button button-small"
              onClick={() => void live.more().catch((error: unknown) => console.warn("replies", error))}
            >
              {t("feed.more")}
            </button>
          </div>
        </Show>
        <Show when={inOrder().length > 0} fallback={<p class="px-4 pt-2 text-sm text-faint">{t("post.noReplies")}</p>}>
          <For each={inOrder()}>{(row) => <EnvelopeCard envelope={row} />}</For>
        </Show>
        <Looking finding={props.finding} />
      </Show>
    </section>
  );
}
