/** One answer of a thread, and what can be done with it. */
import { createSignal, type JSX, Show } from "solid-js";
import type { ThreadRow } from "../../../peer/api.ts";
import { EnvelopeCard } from "../../components/envelope-card/index.tsx";
import { Icon } from "../../components/icon/index.tsx";
import { isMuted } from "../../components/post-line/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { reveal } from "../../state/revealed.ts";
import { ReplyForm } from "./reply-form.tsx";

/** Deeper answers stand no further in: at 320 pixels nothing would be left for their words. */
const MOST_STEPS = 6;

export interface ThreadActions {
  readonly nameOf: (hash: string) => string;
  readonly isFolded: (hash: string) => boolean;
  readonly fold: (hash: string) => void;
  readonly isReplying: (hash: string) => boolean;
  /** `null` puts it off. */
  readonly reply: (hash: string | null) => void;
  readonly toParent: (row: ThreadRow) => void;
  readonly deeper: () => void;
}

export function Answer(props: {
  row: ThreadRow;
  position: number;
  total: number;
  actions: ThreadActions;
}): JSX.Element {
  const { t, number } = useI18n();
  const counted = (key: "fold" | "unfold") =>
    t(props.row.below === 1 ? `thread.${key}_one` : `thread.${key}_other`, { count: number(props.row.below) });
  const folded = () => props.actions.isFolded(props.row.hash);
  const [unveiled, setUnveiled] = createSignal(false);
  /** The card below has a cover of its own. */
  function unveil(hash: string) {
    reveal(hash, true);
    setUnveiled(true);
  }
  return (
    <div
      class="thread-row"
      role="listitem"
      aria-level={props.row.depth}
      aria-posinset={props.position}
      aria-setsize={props.total}
      data-step={Math.min(props.row.depth - 1, MOST_STEPS)}
    >
      <Show when={props.row.envelope} fallback={<p class="post-line post-line-missing">{t("thread.blocked")}</p>}>
        {(envelope) => (
          <Show
            when={!isMuted(envelope()) || unveiled()}
            fallback={
              <p class="post-line post-line-missing" data-muted={envelope().hash}>
                {t("thread.muted")}
                <button type="button" class="button button-small" onClick={() => unveil(envelope().hash)}>
                  {t("thread.muted.show")}
                </button>
              </p>
            }
          >
            <EnvelopeCard envelope={envelope()} inThread>
              <p class="visually-hidden">
                {t("thread.place", {
                  level: number(props.row.depth),
                  name: `\u2068${props.actions.nameOf(props.row.parent)}\u2069`,
                })}
              </p>
            </EnvelopeCard>
          </Show>
        )}
      </Show>
      <div class="thread-actions">
        <Show when={props.row.below > 0 && !props.row.deeper}>
          <button
            type="button"
            class="button button-small button-quiet"
            aria-expanded={!folded()}
            onClick={() => props.actions.fold(props.row.hash)}
          >
            {counted(folded() ? "unfold" : "fold")}
          </button>
        </Show>
        <Show when={props.row.deeper}>
          <button type="button" class="button button-small" onClick={() => props.actions.deeper()}>
            {t("thread.deeper")}
          </button>
        </Show>
        <Show when={props.row.envelope?.postHash}>
          <button
            type="button"
            class="button button-small button-quiet"
            aria-expanded={props.actions.isReplying(props.row.hash)}
            data-reply={props.row.hash}
            onClick={() => props.actions.reply(props.row.hash)}
          >
            <Icon name="reply" small turns />
            {t("post.reply")}
          </button>
        </Show>
        <button
          type="button"
          class="icon-button"
          aria-label={t("thread.parent")}
          title={t("thread.parent")}
          onClick={() => props.actions.toParent(props.row)}
        >
          <Icon name="up" small />
        </button>
      </div>
      <Show when={props.actions.isReplying(props.row.hash) && props.row.envelope}>
        {(envelope) => <ReplyForm to={envelope()} focus onClose={() => props.actions.reply(null)} />}
      </Show>
    </div>
  );
}
