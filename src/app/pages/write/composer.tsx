/** The form of the composer with its live preview. */
import { createSignal, type JSX, onCleanup, onMount, Show } from "solid-js";
import type { Draft, DraftProblem } from "../../../peer/api.ts";
import { ScopeField } from "../../components/scope-field/index.tsx";
import { type Messages, useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { codeOf } from "../../state/errors.ts";
import { isBlank, mergeDrafts, mirroredDrafts } from "../../state/draft-mirror.ts";
import { tellFull } from "../../state/full-storage.ts";
import { notify } from "../../state/notices.ts";
import { holdWords } from "../../state/quiet.ts";
import { useSession } from "../../state/session.tsx";
import { kindOf } from "../../text/scopes.ts";
import { blankDraft, createWriting, plainOf } from "./draft.ts";
import { AttachmentsField } from "./attachments/index.tsx";
import { CoverField } from "./attachments/cover.tsx";
import { createTaking } from "./attachments/taking.ts";
import { type AudienceChoice, AudienceChoiceField } from "./audience.tsx";
import { KickbackField } from "./kickback.tsx";
import { KindField } from "./kind-field.tsx";
import { ACCEPTED, kindOfFile } from "./kinds.ts";
import { NotesFields } from "./notes.tsx";
import { OtherDrafts } from "./other-drafts.tsx";
import { createPreview } from "./preview.ts";
import { PreviewSide } from "./preview-side.tsx";
import { ReferencesField } from "./references.tsx";
import { WordsFields } from "./words.tsx";

const MOST_TOPICS = 3;

export function Composer(props: {
  first: Draft;
  /** What is answered is for trusted people only, and so is the answer. */
  closed: boolean;
  onPublished: (hash: string) => void;
}): JSX.Element {
  const i18n = useI18n();
  const { t, messages } = i18n;
  const { api } = useConnection();
  const { drafts, settings } = useSession();
  // The composer is made anew for another first draft, so reading the prop once is right.
  // eslint-disable-next-line solid/reactivity
  const writing = createWriting(api, props.first);
  const { draft } = writing;
  onCleanup(holdWords(() => writing.saveState() === "failed" || writing.saveState() === "saving"));
  const preview = createPreview(api, draft);
  const [publishing, setPublishing] = createSignal(false);
  const [tried, setTried] = createSignal(false);
  let form!: HTMLFormElement;
  let textArea!: HTMLTextAreaElement;
  onMount(() => textArea.focus());

  const geo = () => draft.scopes.filter((scope) => kindOf(scope) === "geo");
  const topics = () => draft.scopes.filter((scope) => kindOf(scope) === "topic");
  const choiceOf = (scopes: readonly string[]): AudienceChoice => (scopes.length === 0 ? "closed" : "open");
  const [choice, setChoice] = createSignal(choiceOf(draft.scopes));
  /** Of before trusted people were chosen: they come back with the other choice. */
  let leftOut: readonly string[] = [];
  function choose(next: AudienceChoice): void {
    if (next === "closed") leftOut = [...draft.scopes];
    setChoice(next);
    const home = settings()?.home;
    const reopened = leftOut.length > 0 || home === undefined ? leftOut : [home];
    writing.change({ scopes: next === "closed" ? [] : reopened });
  }
  onMount(() => {
    if (props.closed && draft.scopes.length > 0) choose("closed");
  });
  /** With those that a page left behind before the peer could store them. */
  const otherDrafts = () =>
    mergeDrafts(drafts(), mirroredDrafts(localStorage)).filter((other) => other.id !== draft.id && !isBlank(other));

  const taking = createTaking(
    api,
    () => draft,
    (file, at) => {
      writing.change({ attachments: draft.attachments.toSpliced(at, 0, file) });
      // At once: until a draft is stored that names it, the file is nobody's.
      void writing.flush();
    },
  );
  /** Files that were dropped or pasted on a text say what it is to be. */
  function takeFiles(files: readonly File[]): void {
    const [first] = files;
    if (first === undefined) return;
    if (ACCEPTED[draft.kind] === null) writing.change({ kind: kindOfFile(first.type) });
    taking.take(files);
  }

  /** What is not there yet is no mistake until somebody tries to publish it. */
  const isEarly = ({ code }: DraftProblem) => !tried() && (code === "DRAFT_EMPTY" || code === "KIND_INCOMPLETE");
  function problemOf(field: DraftProblem["field"]): string | undefined {
    const problem = preview()?.problems.find((entry) => entry.field === field);
    if (!problem || isEarly(problem)) return undefined;
    if (problem.code === "KIND_INCOMPLETE") return t(`write.needs.${draft.kind}`);
    const key = `write.problem.${problem.code}`;
    return key in messages() ? t(key as keyof Messages) : t("write.problem.other", { code: problem.code });
  }

  async function publish(): Promise<void> {
    const peer = api();
    if (!peer || publishing() || taking.busy() > 0) return;
    setTried(true);
    const focused = document.activeElement;
    // Ends what an input method still composes: those words belong to what is published.
    if (focused instanceof HTMLElement) focused.blur();
    // What was typed there and is no place or topic would be left out without a word.
    const unread = [...form.querySelectorAll<HTMLInputElement>(".scope-field input")].find(({ value }) => value.trim());
    if (unread !== undefined) {
      unread.focus();
      return;
    }
    setPublishing(true);
    const version = plainOf(draft);
    let done = false;
    try {
      await writing.flush();
      const published = await peer.publish(version);
      writing.finish(version);
      done = true;
      props.onPublished(published.hash);
    } catch (error) {
      if (codeOf(error) === "STORE_QUOTA") await tellFull(peer, i18n);
      else if (!preview()?.problems.length) notify(t("write.failed", { code: codeOf(error) }));
    } finally {
      setPublishing(false);
      // The writer goes on where the keys were.
      if (!done && focused instanceof HTMLElement && document.activeElement === document.body) focused.focus();
    }
  }

  async function discard(): Promise<void> {
    taking.leave();
    const removed = await writing.discard();
    notify(t("write.discarded"), {
      label: t("app.undo"),
      run: () => {
        writing.open(removed);
        writing.change({ text: removed.text });
      },
    });
  }

  function openDraft(next: Draft) {
    taking.leave();
    writing.open(next);
    setChoice(choiceOf(next.scopes));
    textArea.focus();
  }

  const saved = () =>
    ({ idle: "", saving: t("write.saving"), saved: t("write.saved"), failed: t("write.notSaved") })[
      writing.saveState()
    ];

  return (
    <form
      ref={form}
      class="page composer"
      onSubmit={(event) => {
        event.preventDefault();
        void publish();
      }}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        void publish();
      }}
      onPaste={(event) => {
        const files = [...(event.clipboardData?.files ?? [])];
        // A table that is copied comes with a picture of itself: then the words are meant.
        if (files.length === 0 || event.clipboardData?.types.includes("text/plain")) return;
        event.preventDefault();
        takeFiles(files);
      }}
      onDragOver={(event) => {
        if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
      }}
      onDrop={(event) => {
        const files = [...(event.dataTransfer?.files ?? [])];
        if (files.length === 0) return;
        event.preventDefault();
        takeFiles(files);
      }}
    >
      <div class="composer-fields">
        {/* What is typed while it is published would be in neither. */}
        <div class="contents" inert={publishing()}>
          <KindField value={draft.kind} problem={problemOf("kind")} onChange={(kind) => writing.change({ kind })} />
          <WordsFields
            draft={draft}
            change={writing.change}
            problemOf={problemOf}
            textRef={(area) => (textArea = area)}
          />
          <Show when={ACCEPTED[draft.kind] !== null || draft.attachments.length > 0}>
            <AttachmentsField
              files={draft.attachments}
              accept={ACCEPTED[draft.kind] ?? ""}
              taking={taking}
              problems={preview()?.problems.filter(({ field }) => field === "attachments") ?? []}
              onChange={(attachments) => writing.change({ attachments })}
            >
              <CoverField
                draft={draft}
                isOpen={choice() === "open"}
                onChange={(scopes) => writing.change({ scopes })}
              />
            </AttachmentsField>
          </Show>

          <ReferencesField
            values={draft.references}
            problem={problemOf("references")}
            onChange={(references) => writing.change({ references })}
          />
          <Show when={draft.kind === "collection"}>
            <NotesFields draft={draft} problem={problemOf("notes")} onChange={(notes) => writing.change({ notes })} />
          </Show>

          <Show when={!props.closed} fallback={<p class="text-sm text-soft">{t("trust.audience.reply")}</p>}>
            <AudienceChoiceField value={choice()} onChange={choose} />
          </Show>
          <Show when={choice() === "open"}>
            <div class="grid gap-6 sm:grid-cols-2">
              <ScopeField
                kind="geo"
                label={t("write.places")}
                hint={t("write.places.hint")}
                values={geo()}
                most={1}
                problem={problemOf("scopes")}
                onChange={(values) => writing.change({ scopes: [...values, ...topics()] })}
              />
              <ScopeField
                kind="topic"
                label={t("write.topics")}
                hint={t("write.topics.hint")}
                values={topics()}
                most={MOST_TOPICS}
                onChange={(values) => writing.change({ scopes: [...geo(), ...values] })}
              />
            </div>
          </Show>
          <KickbackField value={draft.kickbackRate} onChange={(kickbackRate) => writing.change({ kickbackRate })} />
        </div>

        <div class="flex flex-wrap items-center gap-3">
          <button type="submit" class="button button-primary" disabled={publishing() || taking.busy() > 0}>
            {publishing() ? t("write.publishing") : t("write.publish")}
          </button>
          <Show when={!isBlank(draft)}>
            <button type="button" class="button button-quiet" disabled={publishing()} onClick={() => void discard()}>
              {t("write.discard")}
            </button>
            <button
              type="button"
              class="button button-quiet"
              disabled={publishing()}
              onClick={() => openDraft(blankDraft(null, geo()))}
            >
              {t("write.new")}
            </button>
          </Show>
          <p class="text-xs text-faint" role="status">
            {saved()}
          </p>
        </div>

        <OtherDrafts drafts={otherDrafts()} inert={publishing()} onOpen={(other) => openDraft(plainOf(other))} />
      </div>
      <PreviewSide preview={preview()} problem={problemOf("envelope")} />
    </form>
  );
}
