/** The words of a post: title, who made it, text and summary, asked for as its kind calls them. */
import { createEffect, createSignal, type JSX, on, Show } from "solid-js";
import type { Draft, DraftProblem } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import type { Writing } from "./draft.ts";
import { isSigned } from "./kinds.ts";
import { TextField } from "./text-field.tsx";

export function WordsFields(props: {
  draft: Draft;
  change: Writing["change"];
  problemOf: (field: DraftProblem["field"]) => string | undefined;
  /** The field where somebody begins. */
  textRef: (area: HTMLTextAreaElement) => void;
}): JSX.Element {
  const { t } = useI18n();
  const kind = () => props.draft.kind;
  const label = (field: "headline" | "text") => {
    const called = kind();
    return called === "text" ? t(`write.${field}`) : t(`write.${field}.${called}`);
  };
  const signed = () => {
    const called = kind();
    return isSigned(called) ? called : undefined;
  };
  const [asked, setAsked] = createSignal(false);
  createEffect(
    on(
      () => props.draft.id,
      () => setAsked(false),
      { defer: true },
    ),
  );
  const ownSummary = () => asked() || props.draft.summary !== "";
  return (
    <>
      <TextField
        label={label("headline")}
        class="font-serif"
        value={props.draft.headline}
        hint={t("write.headline.hint")}
        problem={props.problemOf("headline")}
        onInput={(headline) => props.change({ headline })}
      />
      <Show when={signed()}>
        {(called) => (
          <TextField
            label={t(`write.byline.${called()}`)}
            value={props.draft.byline}
            hint={t("write.byline.hint")}
            problem={props.problemOf("byline")}
            onInput={(byline) => props.change({ byline })}
          />
        )}
      </Show>
      <TextField
        ref={(area) => props.textRef(area)}
        label={label("text")}
        class="composer-text"
        rows={kind() === "text" ? 8 : 4}
        placeholder={kind() === "text" ? t("write.text.placeholder") : ""}
        value={props.draft.text}
        hint={t("write.shortcut")}
        hintClass="key-hint"
        problem={props.problemOf("text")}
        onInput={(text) => props.change({ text })}
      />
      <Show
        when={ownSummary()}
        fallback={
          <div>
            <button type="button" class="button button-small" onClick={() => setAsked(true)}>
              {t("write.summary.own")}
            </button>
          </div>
        }
      >
        <TextField
          label={t("write.summary")}
          rows={3}
          value={props.draft.summary}
          hint={t("write.summary.hint")}
          problem={props.problemOf("summary")}
          onInput={(summary) => {
            // Emptied while it is written, it does not go away under the hand.
            setAsked(true);
            props.change({ summary });
          }}
        />
      </Show>
    </>
  );
}
