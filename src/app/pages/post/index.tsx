/** One post: its envelope first, the full text on request, replies in order of time. */
import { A, useLocation, useParams } from "@solidjs/router";
import { createMemo, type JSX, Show } from "solid-js";
import { CopyButton } from "../../components/copy-button/index.tsx";
import { EnvelopeCard } from "../../components/envelope-card/index.tsx";
import { EnvelopeSkeleton } from "../../components/envelope-card/skeleton.tsx";
import { Icon } from "../../components/icon/index.tsx";
import { personName } from "../../components/person/index.tsx";
import { StateNote } from "../../components/state-note/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { createLiveValue } from "../../state/live.ts";
import { createTitle } from "../../state/title.ts";
import { displayLine } from "../../text/display.ts";
import { Replies } from "./replies.tsx";
import { FullText } from "./full-text.tsx";

export default function Post(): JSX.Element {
  const { t } = useI18n();
  const params = useParams<{ hash: string }>();
  const location = useLocation<{ read?: boolean }>();
  const { api } = useConnection();
  const query = createMemo(() => ({ hash: params.hash }));
  const live = createLiveValue(api, "envelope", () => query());
  const envelope = () => live.value() ?? undefined;
  const byline = () => {
    const current = envelope();
    return current ? t("post.byline", { name: personName(current.author, current.authorName) }) : t("post.title");
  };
  createTitle(() => {
    const headline = envelope()?.headline;
    return headline ? displayLine(headline) : byline();
  });

  return (
    <div class="pb-16">
      <Show
        when={envelope()}
        fallback={
          <Show
            when={live.value() === null || live.error()}
            fallback={
              <>
                <h1 class="visually-hidden">{t("post.title")}</h1>
                <EnvelopeSkeleton />
              </>
            }
          >
            <h1 class="visually-hidden">{t("post.title")}</h1>
            <StateNote title={t("post.unknown.title")} text={t("post.unknown.text")} role="status">
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
            <EnvelopeCard envelope={current()} mode="page" />
            <Show when={current().replyTo}>
              {(parent) => (
                <p class="px-4 pt-4 text-sm">
                  <A class="link" href={`/p/${parent()}`}>
                    {t("post.parent")}
                  </A>
                </p>
              )}
            </Show>
            <FullText envelope={current()} wanted={location.state?.read === true} />
            <div class="flex flex-wrap gap-2 border-b border-rule px-4 pb-6">
              <Show when={current().postHash}>
                {(post) => (
                  <A class="button button-small" href={`/write?reply=${post()}`}>
                    <Icon name="reply" small turns />
                    {t("post.reply")}
                  </A>
                )}
              </Show>
              <CopyButton
                text={new URL(window.location.pathname, window.location.origin).href}
                label={t("app.copyLink")}
                done={t("app.linkCopied")}
                icon="link"
              />
            </div>
            <Show when={current().postHash}>{(post) => <Replies to={post()} />}</Show>
          </>
        )}
      </Show>
    </div>
  );
}
