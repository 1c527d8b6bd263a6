/** What a curator says of an entry. */
import type { JSX } from "solid-js";
import { useI18n } from "../../i18n/index.tsx";
import { displayText } from "../../text/display.ts";

export function CuratedNote(props: { note: string }): JSX.Element {
  const { t } = useI18n();
  return (
    <div class="curated-card-note">
      <span class="visually-hidden">{t("feeds.note")}: </span>
      <p class="isolate-text" dir="auto">
        {displayText(props.note)}
      </p>
    </div>
  );
}
