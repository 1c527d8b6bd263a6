/** An answer written right below what it answers. Every key is kept, as in the composer, and both go on with one draft. */
import { A } from "@solidjs/router";
import { createSignal, createUniqueId, type JSX, onCleanup, onMount, Show } from "solid-js";
import type { Draft, EnvelopeView } from "../../../peer/api.ts";
import { authorOf, isolatedName } from "../../text/people.ts";
import { type Messages, useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { mergeDrafts, mirroredDrafts } from "../../state/draft-mirror.ts";
import { codeOf } from "../../state/errors.ts";
import { tellFull } from "../../state/full-storage.ts";
import { notePosted } from "../../state/install.ts";
import { notify } from "../../state/notices.ts";
import { holdWords } from "../../state/quiet.ts";
import { storedDrafts } from "../../state/stored-drafts.ts";
import { AudienceLine } from "../write/audience.tsx";
import { blankDraft, createWriting, plainOf } from "../write/draft.ts";
import { createPreview } from "../write/preview.ts";

interface ReplyProps {
  readonly to: EnvelopeView;
  /** Takes the focus once it is there. */
  readonly focus: boolean;
  /** It was sent, or put off. */
  readonly onClose: () => void;
}

/** One can write without them; what was mirrored is there. */
function noDrafts(error: unknown): readonly Draft[] {
  console.warn("drafts", codeOf(error));
  return [];
}

export function ReplyForm(props: ReplyProps): JSX.Element {
  const { api } = useConnection();
  const [first, setFirst] = createSignal<Draft>();
  onMount(() => {
    const { postHash, scopes } = props.to;
    const peer = api();
    const stored = peer === undefined ? Promise.resolve([]) : storedDrafts(peer).catch(noDrafts);
    void stored.then((drafts) => {
      const begun = mergeDrafts(drafts, mirroredDrafts(localStorage)).find((draft) => draft.replyTo === postHash);
      const draft = begun ?? blankDraft(postHash, [...scopes]);
      // What is for trusted people only is answered to them alone, whatever was chosen before that was known.
      setFirst(scopes.length === 0 ? { ...draft, scopes: [] } : draft);
    });
  });
  return (
    <Show when={first()} keyed fallback={<div class="reply-form" aria-busy="true" />}>
      {(draft) => <Form {...props} first={draft} />}
    </Show>
  );
}

function Form(props: ReplyProps & { first: Draft }): JSX.Element {
  const i18n = useI18n();
  const { t, messages } = i18n;
  const { api } = useConnection();
  const field = createUniqueId();
  // Made anew for another draft, so reading the prop once is right.
  // eslint-disable-next-line solid/reactivity
  const writing = createWriting(api, props.first);
  const { draft } = writing;
  onCleanup(holdWords(() => writing.saveState() === "failed" || writing.saveState() === "saving"));
  const preview = createPreview(api, draft);
  const [sending, setSending] = createSignal(false);
  const [tried, setTried] = createSignal(false);
  let area!: HTMLTextAreaElement;
  onMount(() => {
    if (props.focus) area.focus();
  });

  function problem(): string | undefined {
    const found = preview()?.problems.find(({ code }) => code !== "DRAFT_EMPTY" || tried());
    if (found === undefined) return undefined;
    const key = `write.problem.${found.code}`;
    return key in messages() ? t(key as keyof Messages) : t("write.problem.other", { code: found.code });
  }

  async function send(): Promise<void> {
    const peer = api();
    if (!peer || sending()) return;
    setTried(true);
    // Ends what an input method still composes: those words belong to what is sent.
    area.blur();
    setSending(true);
    const version = plainOf(draft);
    try {
      await writing.flush();
      await peer.publish(version);
      writing.finish(version);
      notePosted();
      notify(t("reply.sent"));
      props.onClose();
    } catch (error) {
      if (codeOf(error) === "STORE_QUOTA") await tellFull(peer, i18n);
      else if (!preview()?.problems.length) notify(t("write.failed", { code: codeOf(error) }));
      area.focus();
    } finally {
      setSending(false);
    }
  }

  const saved = () =>
    ({ idle: "", saving: t("write.saving"), saved: t("write.saved"), failed: t("write.notSaved") })[
      writing.saveState()
    ];

  return (
    <form
      class="reply-form"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          void send();
        } else if (event.key === "Escape") {
          event.preventDefault();
          props.onClose();
        }
      }}
    >
      <label class="field-label" for={field}>
        {t("reply.label", { name: isolatedName(authorOf(props.to)) })}
      </label>
      <div class="contents" inert={sending()}>
        <textarea
          ref={area}
          id={field}
          class="input"
          data-kept=""
          dir="auto"
          rows={3}
          placeholder={t("reply.placeholder")}
          value={draft.text}
          aria-invalid={problem() ? true : undefined}
          aria-describedby={`${field}-state`}
          onInput={(event) => writing.change({ text: event.currentTarget.value })}
        />
      </div>
      <p id={`${field}-state`} class={problem() ? "field-problem" : "field-hint"}>
        {problem() ?? t("write.shortcut")}
      </p>
      <Show when={props.to.scopes.length === 0}>
        <p class="text-sm text-soft">{t("trust.audience.reply")}</p>
      </Show>
      <Show when={preview()}>{(current) => <AudienceLine audience={current().audience} />}</Show>
      <div class="flex flex-wrap items-center gap-2">
        <button type="submit" class="button button-primary" disabled={sending()}>
          {sending() ? t("reply.sending") : t("reply.send")}
        </button>
        <A class="button button-quiet" href={`/write?reply=${props.to.postHash ?? ""}`}>
          {t("reply.room")}
        </A>
        <button type="button" class="button button-quiet" disabled={sending()} onClick={() => props.onClose()}>
          {t("reply.close")}
        </button>
        <p class="text-xs text-faint" role="status">
          {saved()}
        </p>
      </div>
    </form>
  );
}
