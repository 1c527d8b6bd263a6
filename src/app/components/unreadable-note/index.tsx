/** Says that something could not be read, and asks for it anew; nothing as long as nothing failed. */
import { type JSX, Show } from "solid-js";
import { useI18n } from "../../i18n/index.tsx";
import type { Asking } from "../../state/live.ts";
import { StateNote } from "../state-note/index.tsx";

export function UnreadableNote(props: {
  /** The query that what is missing comes of. */
  of: Asking;
  /** What could not be read. */
  title: string;
}): JSX.Element {
  const { t } = useI18n();
  return (
    <Show when={props.of.error()}>
      {(code) => (
        <StateNote role="alert" title={props.title} text={t("unreadable.text", { code: code() })}>
          <button type="button" class="button" onClick={() => props.of.retry()}>
            {t("app.retry")}
          </button>
        </StateNote>
      )}
    </Show>
  );
}
