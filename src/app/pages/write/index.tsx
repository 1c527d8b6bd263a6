/** The composer: what is typed on one side, what others will see on the other. */
import { useNavigate, useSearchParams } from "@solidjs/router";
import { createEffect, createSignal, type JSX, on, Show } from "solid-js";
import type { Draft, EnvelopeView } from "../../../peer/api.ts";
import { EnvelopeCard } from "../../components/envelope-card/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { mergeDrafts, mirrorDraft, mirroredDrafts } from "../../state/draft-mirror.ts";
import { codeOf } from "../../state/errors.ts";
import { notePosted } from "../../state/install.ts";
import { notify } from "../../state/notices.ts";
import { useSession } from "../../state/session.tsx";
import { storedDrafts } from "../../state/stored-drafts.ts";
import { createTitle } from "../../state/title.ts";
import { scopeOfPath } from "../../text/scopes.ts";
import { blankDraft } from "./draft.ts";
import { Composer } from "./composer.tsx";
import { draftFromShare, refusalOf, type SharedNote, SharedNotes } from "./shared.tsx";

/** One can write without them; what was mirrored is there. */
function noDrafts(error: unknown): readonly Draft[] {
  console.warn("drafts", codeOf(error));
  return [];
}

export default function Write(): JSX.Element {
  const { t } = useI18n();
  const { api } = useConnection();
  const { settings } = useSession();
  const navigate = useNavigate();
  const [query] = useSearchParams<{
    reply?: string;
    draft?: string;
    /** One, or one place and its topics: `place/europe/nl`. */
    scope?: string | string[];
    /** `trusted`: begins with neither place nor topic. */
    for?: string;
    /** A post that what is being written is to refer to. */
    refer?: string;
    /** A share that waits (src/offline/share-box.ts). */
    shared?: string;
    /** Why a share was not taken. */
    refused?: string;
  }>();
  const [first, setFirst] = createSignal<Draft>();
  /** What is answered. */
  const [parent, setParent] = createSignal<EnvelopeView>();
  const [shared, setShared] = createSignal<SharedNote>();
  createTitle(() => t(query.reply ? "write.replyTitle" : "write.title"));

  /** Stored drafts are asked for once: from here on the composer is ahead of what is stored. */
  async function draftsNow(): Promise<readonly Draft[]> {
    const peer = api();
    const stored = peer === undefined ? [] : await storedDrafts(peer).catch(noDrafts);
    return mergeDrafts(stored, mirroredDrafts(localStorage));
  }

  /** A reply, or a reference, carries the scopes of what it is about; else the scope one came from counts, else one's home place. */
  function startingScopes(answered: EnvelopeView | undefined): readonly string[] {
    if (answered) return answered.scopes;
    if (query.for === "trusted") return [];
    const scopes = [query.scope ?? []].flat().flatMap((path) => {
      const [kind = "", ...segments] = path.split("/");
      return scopeOfPath(kind, segments) ?? [];
    });
    const home = settings()?.home;
    return scopes.length > 0 ? scopes : home ? [home] : [];
  }

  async function start(): Promise<void> {
    const answered = query.reply ? ((await api()?.envelope(query.reply)) ?? undefined) : undefined;
    setParent(answered);
    const replyTo = answered?.postHash ?? query.reply ?? null;
    const drafts = await draftsNow();
    const resumed = query.draft
      ? drafts.find((draft) => draft.id === query.draft)
      : query.scope || query.for
        ? undefined
        : drafts.find((draft) => draft.replyTo === replyTo);
    setFirst(resumed ?? blankDraft(replyTo, startingScopes(answered)));
  }

  /** Goes on with what is being written, which refers to one post more; without any, with something new. */
  async function startReferring(named: string): Promise<void> {
    const peer = api();
    const referred = (await peer?.envelope(named)) ?? undefined;
    const name = referred?.postHash ?? named;
    const begun = (await draftsNow()).find((draft) => draft.replyTo === null);
    const { references, ...draft } = begun ?? blankDraft(null, startingScopes(referred));
    const next = { ...draft, references: [...new Set([...references, name])], updated: Date.now() };
    mirrorDraft(localStorage, next);
    // The composer stores it with the next word in any case.
    await peer?.saveDraft(next).catch((error: unknown) => console.warn("draft", codeOf(error)));
    setFirst(next);
    // Whoever lets go of it and loads the page anew does not have it again.
    navigate(`/write?draft=${encodeURIComponent(next.id)}`, { replace: true, scroll: false });
  }

  /** What was shared is a draft of its own: whatever is being written stays among the drafts. */
  async function startShared(id: string): Promise<void> {
    const drafts = await draftsNow();
    const { draft, note } = await draftFromShare(id, drafts, startingScopes(undefined), api());
    setShared(note);
    setFirst(draft ?? blankDraft(null, startingScopes(undefined)));
    // A page that is loaded anew goes on with the draft.
    if (draft) navigate(`/write?draft=${encodeURIComponent(draft.id)}`, { replace: true, scroll: false });
  }

  createEffect(
    // The open window may be handed another share while it shows this page.
    on([() => query.shared, () => query.refused], ([id, refused]) => {
      const begin = () => (query.refer === undefined ? start() : startReferring(query.refer));
      const starting = id === undefined ? (first() ? undefined : begin()) : startShared(id);
      if (refused !== undefined) setShared(refusalOf(refused));
      starting?.catch((error: unknown) => {
        console.warn("composer", codeOf(error));
        setFirst(blankDraft(null, []));
      });
    }),
  );

  function published(hash: string) {
    notePosted();
    navigate(query.reply ? `/p/${parent()?.hash ?? query.reply}` : "/", { replace: true });
    notify(t("write.published"), { label: t("write.open"), run: () => navigate(`/p/${hash}`) });
  }

  return (
    <>
      <header class="masthead">
        <h1>{t(query.reply ? "write.replyTitle" : "write.title")}</h1>
      </header>
      <SharedNotes note={shared()} />
      <Show when={parent()}>
        {(answered) => (
          <section aria-label={t("write.replyTo")}>
            <EnvelopeCard envelope={answered()} mode="preview" />
          </section>
        )}
      </Show>
      <Show when={first()} keyed>
        {(draft) => <Composer first={draft} closed={parent()?.scopes.length === 0} onPublished={published} />}
      </Show>
    </>
  );
}
