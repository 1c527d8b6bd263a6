/** The composer: what is typed on one side, what others will see on the other. */
import { useNavigate, useSearchParams } from "@solidjs/router";
import { createSignal, type JSX, onMount, Show } from "solid-js";
import type { Draft, EnvelopeView } from "../../../peer/api.ts";
import { EnvelopeCard } from "../../components/envelope-card/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { mergeDrafts, mirroredDrafts } from "../../state/draft-mirror.ts";
import { codeOf } from "../../state/errors.ts";
import { notify } from "../../state/notices.ts";
import { useSession } from "../../state/session.tsx";
import { createTitle } from "../../state/title.ts";
import { scopeOfPath } from "../../text/scopes.ts";
import { blankDraft } from "./draft.ts";
import { Composer } from "./composer.tsx";

export default function Write(): JSX.Element {
  const { t } = useI18n();
  const { api } = useConnection();
  const { settings } = useSession();
  const navigate = useNavigate();
  const [query] = useSearchParams<{ reply?: string; draft?: string; scope?: string }>();
  const [first, setFirst] = createSignal<Draft>();
  /** What is answered. */
  const [parent, setParent] = createSignal<EnvelopeView>();
  createTitle(() => t(query.reply ? "write.replyTitle" : "write.title"));

  /** Stored drafts are asked for once: from here on the composer is ahead of what is stored. */
  function storedDrafts(): Promise<readonly Draft[]> {
    return new Promise((resolve) => {
      const peer = api();
      if (!peer) {
        resolve([]);
        return;
      }
      let answer: readonly Draft[] | undefined;
      peer
        .watch("drafts", {}, (update) => {
          if (answer !== undefined || update.kind !== "rows") return;
          answer = update.rows;
          resolve(answer);
        })
        .then((subscription) => subscription.close())
        .catch((error: unknown) => {
          console.warn("drafts", codeOf(error));
          resolve([]);
        });
    });
  }

  /** A reply carries the scopes of what it answers; else the scope one came from counts, else one's home place. */
  function startingScopes(answered: EnvelopeView | undefined): readonly string[] {
    if (answered) return answered.scopes;
    const [kind = "", ...segments] = (query.scope ?? "").split("/");
    const scope = scopeOfPath(kind, segments);
    const home = settings()?.home;
    return scope ? [scope] : home ? [home] : [];
  }

  async function start(): Promise<void> {
    const answered = query.reply ? ((await api()?.envelope(query.reply)) ?? undefined) : undefined;
    setParent(answered);
    const replyTo = answered?.postHash ?? query.reply ?? null;
    const drafts = mergeDrafts(await storedDrafts(), mirroredDrafts(localStorage));
    const resumed = query.draft
      ? drafts.find((draft) => draft.id === query.draft)
      : query.scope
        ? undefined
        : drafts.find((draft) => draft.replyTo === replyTo);
    setFirst(resumed ?? blankDraft(replyTo, startingScopes(answered)));
  }

  onMount(() => {
    start().catch((error: unknown) => {
      console.warn("composer", codeOf(error));
      setFirst(blankDraft(null, []));
    });
  });

  function published(hash: string) {
    navigate(query.reply ? `/p/${parent()?.hash ?? query.reply}` : "/", { replace: true });
    notify(t("write.published"), { label: t("write.open"), run: () => navigate(`/p/${hash}`) });
  }

  return (
    <>
      <header class="masthead">
        <h1>{t(query.reply ? "write.replyTitle" : "write.title")}</h1>
      </header>
      <Show when={parent()}>
        {(answered) => (
          <section aria-label={t("write.replyTo")}>
            <EnvelopeCard envelope={answered()} mode="preview" />
          </section>
        )}
      </Show>
      <Show when={first()} keyed>
        {(draft) => <Composer first={draft} onPublished={published} />}
      </Show>
    </>
  );
}
