/** One post: what it answers, its envelope, the full text on request, what it refers to, and the thread below it. */
import { A, useLocation, useParams } from "@solidjs/router";
import { createEffect, createMemo, createSignal, type JSX, on, Show } from "solid-js";
import type { PostView } from "../../../peer/api.ts";
import { BackBar } from "../../components/back-bar/index.tsx";
import { BoostButton } from "../../components/boost-button/index.tsx";
import { CurateButton } from "../../components/curate-button/index.tsx";
import { CopyButton } from "../../components/copy-button/index.tsx";
import { EnvelopeCard } from "../../components/envelope-card/index.tsx";
import { EnvelopeSkeleton } from "../../components/envelope-card/skeleton.tsx";
import { NotWorthIt } from "../../components/not-worth-it/index.tsx";
import { Icon } from "../../components/icon/index.tsx";
import { authorOf, personName } from "../../text/people.ts";
import { isCovered } from "../../components/post-line/index.tsx";
import { StateNote } from "../../components/state-note/index.tsx";
import { UnreadableNote } from "../../components/unreadable-note/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { createLiveValue } from "../../state/live.ts";
import { createTitle } from "../../state/title.ts";
import { displayLine, repeatsSummary } from "../../text/display.ts";
import { type Noted, splitNotes } from "../../text/notes.ts";
import { Facts } from "./facts.tsx";
import { FullText } from "./full-text.tsx";
import { Lineage } from "./lineage.tsx";
import { ReferredToBy, References } from "./references.tsx";
import { ReplyForm } from "./reply-form.tsx";
import { Thread } from "./thread.tsx";

/** The address names no post: somebody has cut it off, say. */
const NO_POST = "HASH_INVALID";

export default function Post(): JSX.Element {
  const { t } = useI18n();
  const params = useParams<{ hash: string }>();
  const location = useLocation<{ read?: boolean }>();
  const { api } = useConnection();
  const query = createMemo(() => ({ hash: params.hash }));
  const live = createLiveValue(api, "envelope", () => query());
  const finding = createLiveValue(api, "finding", () => query());
  const looking = () => finding.value()?.state === "looking" && finding.value()?.looked !== true;
  const lineage = createLiveValue(api, "lineage", () => query());
  /** With what is above it, or it would jump down a moment later. */
  const envelope = () => {
    const present = live.value() ?? undefined;
    const line = lineage.value() ?? lineage.error();
    return present?.replyTo === null || line !== undefined ? present : undefined;
  };
  const [opened, setOpened] = createSignal<PostView | null>(null);
  const noted = createMemo((): { readonly summary: Noted; readonly text: Noted } | undefined => {
    const present = envelope();
    if (!present) return undefined;
    return {
      summary: splitNotes(present, present.summary ?? ""),
      text: splitNotes(present, opened()?.text ?? ""),
    };
  });
  /** A summary has not room for all of them; under a cover they are not to be seen either. */
  const notes = (): Noted["notes"] => {
    const present = envelope();
    const said = noted();
    if (!present || !said || isCovered(present)) return new Map();
    return new Map([...said.summary.notes, ...said.text.notes]);
  };
  const [replying, setReplying] = createSignal(false);
  let replyButton: HTMLButtonElement | undefined;
  // Another post is another answer; what was begun is kept as a draft.
  createEffect(on(query, () => setReplying(false), { defer: true }));
  function closeReply() {
    setReplying(false);
    replyButton?.focus();
  }
  const byline = () => {
    const current = envelope();
    return current ? t("post.byline", { name: personName(authorOf(current)) }) : t("post.title");
  };
  createTitle(() => {
    const present = envelope();
    // The title of a tab is seen where the post is not.
    const headline = present && isCovered(present) ? null : present?.headline;
    return headline ? displayLine(headline) : byline();
  });

  return (
    <div class="pb-16">
      <BackBar otherwise="/" />
      <Show
        when={envelope()}
        fallback={
          <Show
            when={live.value() === null || live.error() === NO_POST}
            fallback={
              <>
                <h1 class="visually-hidden">{t("post.title")}</h1>
                <Show
                  when={live.error() === undefined}
                  fallback={<UnreadableNote of={live} title={t("unreadable.post")} />}
                >
                  <EnvelopeSkeleton />
                </Show>
              </>
            }
          >
            <h1 class="visually-hidden">{t("post.title")}</h1>
            <StateNote
              title={t(looking() ? "finding.post.title" : "post.unknown.title")}
              text={t(looking() ? "finding.post.text" : "post.unknown.text")}
              role="status"
            >
              <A class="button" href="/">
                {t("missing.home")}
              </A>
            </StateNote>
          </Show>
        }
      >
        {(current) => (
          <>
            <Show when={!current().headline}>
              <h1 class="visually-hidden">{byline()}</h1>
            </Show>
            <Show when={lineage.value()}>{(line) => <Lineage line={line()} />}</Show>
            <EnvelopeCard
              envelope={current()}
              mode="page"
              mediaRepeated={opened() !== null}
              summaryRepeated={repeatsSummary(noted()?.text.rest ?? null, noted()?.summary.rest ?? null)}
            >
              <FullText envelope={current()} wanted={location.state?.read === true} onPost={setOpened} />
              <Show when={current().boostOf}>
                {(original) => (
                  <p class="pt-4 text-sm">
                    <A class="link" href={`/p/${original()}`}>
                      {t("boost.original")}
                    </A>
                  </p>
                )}
              </Show>
              <Show when={current().postHash !== null}>
                <Facts envelope={current()} />
              </Show>
            </EnvelopeCard>
            <References envelope={current()} notes={notes()} />
            <div class="flex flex-wrap gap-2 border-b border-rule p-4">
              <Show when={current().postHash}>
                <button
                  type="button"
                  class="button button-small"
                  aria-expanded={replying()}
                  ref={(element) => (replyButton = element)}
                  onClick={() => setReplying(!replying())}
                >
                  <Icon name="reply" small turns />
                  {t("post.reply")}
                </button>
                <A class="button button-small" href={`/write?refer=${current().postHash ?? current().hash}`}>
                  <Icon name="link" small />
                  {t("references.refer")}
                </A>
              </Show>
              <BoostButton envelope={current()} />
              <CurateButton envelope={current()} />
              <NotWorthIt envelope={current()} />
              <CopyButton
                text={new URL(window.location.pathname, window.location.origin).href}
                label={t("app.copyLink")}
                done={t("app.linkCopied")}
                icon="link"
              />
            </div>
            <Show when={replying()}>
              <ReplyForm to={current()} focus onClose={closeReply} />
            </Show>
            <ReferredToBy envelope={current()} />
            <Show when={current().postHash !== null && current().hash} keyed>
              <Thread root={current()} finding={finding.value()} />
            </Show>
          </>
        )}
      </Show>
    </div>
  );
}
