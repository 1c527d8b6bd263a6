/** The form of the composer with its live preview. */
import { createSignal, createUniqueId, For, type JSX, onCleanup, onMount, Show } from "solid-js";
import type { Draft, DraftProblem } from "../../../peer/api.ts";
import { EnvelopeCard } from "../../components/envelope-card/index.tsx";
import { Icon } from "../../components/icon/index.tsx";
import { ScopeField } from "../../components/scope-field/index.tsx";
import { type Messages, useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { codeOf } from "../../state/errors.ts";
import { isBlank, mergeDrafts, mirroredDrafts } from "../../state/draft-mirror.ts";
import { tellFull } from "../../state/full-storage.ts";
import { notify } from "../../state/notices.ts";
import { holdWords } from "../../state/quiet.ts";
import { useSession } from "../../state/session.tsx";
import { displayLine } from "../../text/display.ts";
import { kindOf } from "../../text/scopes.ts";
import { blankDraft, createWriting } from "./draft.ts";
import { type AudienceChoice, AudienceChoiceField, AudienceLine } from "./audience.tsx";
import { createPreview } from "./preview.ts";
import { SizeMeter } from "./size-meter.tsx";

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
  const ids = { headline: createUniqueId(), text: createUniqueId(), summary: createUniqueId() };
  // The composer is made anew for another first draft, so reading the prop once is right.
  // eslint-disable-next-line solid/reactivity
  const writing = createWriting(api, props.first);
  const { draft } = writing;
  onCleanup(holdWords(() => writing.saveState() === "failed" || writing.saveState() === "saving"));
  const preview = createPreview(api, draft);
  const [publishing, setPublishing] = createSignal(false);
  const [tried, setTried] = createSignal(false);
  const [ownSummary, setOwnSummary] = createSignal(draft.summary !== "");
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

  function problemOf(field: DraftProblem["field"]): string | undefined {
    const problem = preview()?.problems.find((entry) => entry.field === field);
    // An empty draft is no mistake until somebody tries to publish it.
    if (!problem || (problem.code === "DRAFT_EMPTY" && !tried())) return undefined;
    const key = `write.problem.${problem.code}`;
    return key in messages() ? t(key as keyof Messages) : t("write.problem.other", { code: problem.code });
  }

  async function publish(): Promise<void> {
    const peer = api();
    if (!peer || publishing()) return;
    setTried(true);
    const focused = document.activeElement;
    // Ends what an input method still composes: those words belong to what is published.
    if (focused instanceof HTMLElement) focused.blur();
    setPublishing(true);
    const version = { ...draft, scopes: [...draft.scopes] };
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
    const removed = await writing.discard();
    setOwnSummary(false);
    notify(t("write.discarded"), {
      label: t("app.undo"),
      run: () => {
        writing.open(removed);
        writing.change({ text: removed.text });
        setOwnSummary(removed.summary !== "");
      },
    });
  }

  function openDraft(next: Draft) {
    writing.open(next);
    setChoice(choiceOf(next.scopes));
    setOwnSummary(next.summary !== "");
    textArea.focus();
  }

  const saved = () =>
    ({ idle: "", saving: t("write.saving"), saved: t("write.saved"), failed: t("write.notSaved") })[
      writing.saveState()
    ];

  return (
    <form
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
    >
      <div class="composer-fields">
        {/* What is typed while it is published would be in neither. */}
        <div class="contents" inert={publishing()}>
          <div class="field">
            <label for={ids.headline}>{t("write.headline")}</label>
            <input
              id={ids.headline}
              class="input font-serif"
              data-kept=""
              type="text"
              dir="auto"
              value={draft.headline}
              aria-describedby={`${ids.headline}-hint`}
              aria-invalid={problemOf("headline") ? true : undefined}
              onInput={(event) => writing.change({ headline: event.currentTarget.value })}
            />
            <p id={`${ids.headline}-hint`} class={problemOf("headline") ? "field-problem" : "field-hint"}>
              {problemOf("headline") ?? t("write.headline.hint")}
            </p>
          </div>

          <div class="field">
            <label for={ids.text}>{t("write.text")}</label>
            <textarea
              ref={textArea}
              id={ids.text}
              class="input composer-text"
              data-kept=""
              dir="auto"
              rows={8}
              placeholder={t("write.text.placeholder")}
              value={draft.text}
              aria-describedby={`${ids.text}-hint`}
              aria-invalid={problemOf("text") ? true : undefined}
              onInput={(event) => writing.change({ text: event.currentTarget.value })}
            />
            <p id={`${ids.text}-hint`} class={problemOf("text") ? "field-problem" : "field-hint key-hint"}>
              {problemOf("text") ?? t("write.shortcut")}
            </p>
          </div>

          <Show
            when={ownSummary()}
            fallback={
              <div>
                <button type="button" class="button button-small" onClick={() => setOwnSummary(true)}>
                  {t("write.summary.own")}
                </button>
              </div>
            }
          >
            <div class="field">
              <label for={ids.summary}>{t("write.summary")}</label>
              <textarea
                id={ids.summary}
                class="input"
                data-kept=""
                dir="auto"
                rows={3}
                value={draft.summary}
                aria-describedby={`${ids.summary}-hint`}
                aria-invalid={problemOf("summary") ? true : undefined}
                onInput={(event) => writing.change({ summary: event.currentTarget.value })}
              />
              <p id={`${ids.summary}-hint`} class={problemOf("summary") ? "field-problem" : "field-hint"}>
                {problemOf("summary") ?? t("write.summary.hint")}
              </p>
            </div>
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
        </div>

        <div class="flex flex-wrap items-center gap-3">
          <button type="submit" class="button button-primary" disabled={publishing()}>
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

        <Show when={otherDrafts().length > 0}>
          <section class="section" inert={publishing()}>
            <h2>{t("write.drafts")}</h2>
            <ul class="grid gap-1">
              <For each={otherDrafts()}>
                {(other) => (
                  <li>
                    <button
                      type="button"
                      class="draft-row"
                      onClick={() => openDraft({ ...other, scopes: [...other.scopes] })}
                    >
                      <Icon name="write" small />
                      <bdi class="chip-text">
                        {displayLine(other.headline || other.text).slice(0, 80) || t("aside.untitled")}
                      </bdi>
                    </button>
                  </li>
                )}
              </For>
            </ul>
          </section>
        </Show>
      </div>
      <section class="note composer-side" aria-labelledby="preview-title">
        <h2 id="preview-title" class="font-sans text-xs font-medium text-faint">
          {t("write.preview")}
        </h2>
        <Show when={preview()?.envelope} fallback={<p class="text-soft">{t("write.preview.empty")}</p>}>
          {(envelope) => (
            <div class="composer-preview">
              <EnvelopeCard envelope={envelope()} mode="preview" />
            </div>
          )}
        </Show>
        <Show when={preview()}>
          {(current) => (
            <>
              <AudienceLine audience={current().audience} />
              <SizeMeter preview={current()} />
            </>
          )}
        </Show>
        <Show when={problemOf("envelope")}>{(words) => <p class="field-problem">{words()}</p>}</Show>
      </section>
    </form>
  );
}
