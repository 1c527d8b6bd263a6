/** What a collection says of each post that it refers to. */
import { createMemo, For, type JSX, Show } from "solid-js";
import type { Draft } from "../../../peer/api.ts";
import { isCovered, titleOf } from "../../components/post-line/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { createLiveValue } from "../../state/live.ts";
import { TextField } from "./text-field.tsx";

function NoteField(props: {
  of: string;
  number: number;
  value: string;
  problem: string | undefined;
  onInput: (note: string) => void;
}): JSX.Element {
  const { t, number } = useI18n();
  const { api } = useConnection();
  const query = createMemo(() => ({ hash: props.of }));
  const live = createLiveValue(api, "envelope", () => query());
  const title = () => {
    const envelope = live.value();
    if (envelope && isCovered(envelope)) return t("graph.muted");
    return (envelope ? titleOf(envelope).slice(0, 60) : "") || t("write.notes.untitled");
  };
  return (
    <TextField
      label={t("write.notes.of", { number: number(props.number), title: `\u2068${title()}\u2069` })}
      value={props.value}
      hint={t("write.notes.hint")}
      problem={props.problem}
      onInput={(note) => props.onInput(note)}
    />
  );
}

export function NotesFields(props: {
  draft: Draft;
  problem: string | undefined;
  onChange: (notes: Draft["notes"]) => void;
}): JSX.Element {
  const { t } = useI18n();
  const noteOf = (hash: string) => props.draft.notes.find(({ of }) => of === hash)?.note ?? "";
  function change(hash: string, note: string): void {
    const others = props.draft.notes.filter(({ of }) => of !== hash);
    props.onChange(note === "" ? others : [...others, { of: hash, note }]);
  }
  return (
    <Show when={props.draft.references.length > 0} fallback={<p class="field-hint">{t("write.notes.none")}</p>}>
      <For each={props.draft.references}>
        {(hash, at) => (
          <NoteField
            of={hash}
            number={at() + 1}
            value={noteOf(hash)}
            problem={props.problem}
            onInput={(note) => change(hash, note)}
          />
        )}
      </For>
    </Show>
  );
}
