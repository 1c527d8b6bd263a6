/** A row of a feed: a post, or a post that somebody has boosted; with what a curator notes on it. */
import { type JSX, Show } from "solid-js";
import type { EnvelopeView } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { displayText } from "../../text/display.ts";
import { Icon } from "../icon/index.tsx";
import { BoostedCard } from "./boosted.tsx";
import { EnvelopeCard } from "./index.tsx";

export function FeedCard(props: { row: EnvelopeView; position: number; total: number }): JSX.Element {
  const note = () => {
    const words = props.row.chosen?.note;
    return words ? <CuratorNote words={words} /> : undefined;
  };
  return (
    <Show
      when={props.row.boostOf !== null}
      fallback={<EnvelopeCard envelope={props.row} lead={note()} position={props.position} total={props.total} />}
    >
      <BoostedCard boost={props.row} note={note()} position={props.position} total={props.total} />
    </Show>
  );
}

function CuratorNote(props: { words: string }): JSX.Element {
  const { t } = useI18n();
  return (
    <div class="curator-note">
      <Icon name="curated" small />
      <span class="visually-hidden">{t("feeds.note")}: </span>
      <p class="isolate-text" dir="auto">
        {displayText(props.words)}
      </p>
    </div>
  );
}
