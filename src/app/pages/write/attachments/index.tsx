/** The files of a draft: chosen, dropped or pasted, kept by the peer as soon as they are listed here. */
import { createSignal, createUniqueId, Index, type JSX, Show } from "solid-js";
import type { Draft, DraftProblem } from "../../../../peer/api.ts";
import { LIMITS } from "../../../../wire/limits.ts";
import { type Messages, useI18n } from "../../../i18n/index.tsx";
import { notify } from "../../../state/notices.ts";
import { displayLine } from "../../../text/display.ts";
import type { Taking } from "./taking.ts";
import { FileRow } from "./row.tsx";

type Files = Draft["attachments"];

export function AttachmentsField(props: {
  files: Files;
  accept: string;
  taking: Taking;
  problems: readonly DraftProblem[];
  onChange: (files: Files) => void;
  /** What is asked about all of them, while there are any. */
  children: JSX.Element;
}): JSX.Element {
  const { t, list, number, messages } = useI18n();
  const id = createUniqueId();
  const [over, setOver] = createSignal(false);
  let rows: HTMLUListElement | undefined;
  const isFull = () => props.files.length >= LIMITS.postMedia;
  const wordsOf = (problem: DraftProblem | undefined) => {
    if (problem === undefined) return undefined;
    const key = `write.problem.${problem.code}`;
    return key in messages() ? t(key as keyof Messages) : t("write.problem.other", { code: problem.code });
  };
  const problemAt = (at: number) => wordsOf(props.problems.find((problem) => problem.at === at));
  const change = (at: number, altText: string) =>
    props.onChange(props.files.map((file, other) => (other === at ? { ...file, altText } : file)));

  function move(at: number, by: -1 | 1): void {
    const files = [...props.files];
    if (at + by < 0 || at + by >= files.length) return;
    const [moved] = files.splice(at, 1);
    if (moved === undefined) return;
    files.splice(at + by, 0, moved);
    props.onChange(files);
    // Rows stay and change what they show; the button that moves this file on is in another one now.
    rows?.children[at + by]?.querySelector<HTMLElement>(`[data-move="${by}"]`)?.focus();
  }

  function remove(at: number): void {
    const removed = props.files[at];
    if (removed === undefined) return;
    props.onChange(props.files.filter((_, other) => other !== at));
    notify(t("write.files.removed"), { label: t("app.undo"), run: props.taking.putBack(removed, at) });
  }

  return (
    <div class="field" role="group" aria-labelledby={`${id}-label`}>
      <span id={`${id}-label`} class="field-label">
        {t("write.files")}
      </span>
      <Show when={props.files.length > 0}>
        <ul class="file-rows" ref={(element) => (rows = element)}>
          {/* By place, so that the field in which somebody writes stays while the words change. */}
          <Index each={props.files}>
            {(file, at) => (
              <FileRow
                file={file()}
                first={at === 0}
                last={at === props.files.length - 1}
                problem={problemAt(at)}
                onWords={(words) => change(at, words)}
                onMove={(by) => move(at, by)}
                onRemove={() => remove(at)}
              />
            )}
          </Index>
        </ul>
        {props.children}
      </Show>
      <div
        class="file-drop relative"
        data-over={over() ? "" : undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={() => setOver(false)}
      >
        <input
          id={id}
          type="file"
          multiple
          accept={props.accept}
          disabled={isFull()}
          aria-describedby={`${id}-hint`}
          onChange={(event) => {
            props.taking.take([...(event.currentTarget.files ?? [])]);
            // The same file may be chosen again after it was removed.
            event.currentTarget.value = "";
          }}
        />
        <label for={id} class="button">
          {t(props.taking.busy() > 0 ? "write.files.working" : "write.files.add")}
        </label>
        <p id={`${id}-hint`} class="field-hint">
          {t(isFull() ? "write.files.full" : "write.files.hint", { count: number(LIMITS.postMedia) })}
        </p>
      </div>
      <div role="status">
        {wordsOf(props.problems.find((problem) => problem.at === undefined)) && (
          <p class="field-problem">{wordsOf(props.problems.find((problem) => problem.at === undefined))}</p>
        )}
        <Show when={props.taking.refused().length > 0}>
          <ul class="grid gap-1">
            <Index each={props.taking.refused()}>
              {(refused) => (
                <li class="field-problem">
                  {t(`write.refused.${refused().why}`, {
                    name: list([`\u2068${displayLine(refused().name)}\u2069`]),
                    count: number(LIMITS.postMedia),
                  })}
                </li>
              )}
            </Index>
          </ul>
        </Show>
      </div>
    </div>
  );
}
