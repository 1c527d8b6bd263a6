/** The words and pictures of an envelope whose post is more than text. */
import { For, type JSX, Show } from "solid-js";
import type { EnvelopeView, MediaHintView } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { familyOf } from "../../../wire/family.ts";
import { aboutOf, clockText, isPicture, lengthOf, titledOf } from "../../text/kinds.ts";
import { Pictures } from "../pictures/index.tsx";

/** "Album, 9 tracks, 41:07". A text needs no such line. */
export function KindLine(props: { envelope: EnvelopeView }): JSX.Element {
  const { t, bytes, number } = useI18n();
  const files = () => props.envelope.media.filter((hint) => !isPicture(hint));
  const ofFamily = (family: string) => files().filter(({ contentType }) => familyOf(contentType) === family).length;
  const counted = () => {
    const { kind, media, references } = props.envelope;
    if (kind === "collection") return { what: "posts", count: references.length } as const;
    if (kind === "photos") return { what: "pictures", count: media.length } as const;
    if (kind === "album") return { what: "tracks", count: ofFamily("audio") } as const;
    if (kind === "course") return { what: "lessons", count: ofFamily("video") } as const;
    return undefined;
  };
  const parts = () => {
    const { kind, media } = props.envelope;
    const several = counted();
    const length = lengthOf(media);
    const size = kind === "paper" || kind === "software";
    return [
      t(`kind.${kind}`),
      several && t(`kind.${several.what}${several.count === 1 ? "_one" : "_other"}`, { count: number(several.count) }),
      length === null ? undefined : clockText(length),
      size ? bytes(files().reduce((sum, hint) => sum + hint.size, 0)) : undefined,
    ].filter((part) => part !== undefined);
  };
  return (
    <Show when={props.envelope.kind !== "text"}>
      <p class="kind-line">
        <For each={parts()}>{(part) => <span>{part}</span>}</For>
      </p>
    </Show>
  );
}

function Entry(props: { hint: MediaHintView }): JSX.Element {
  const { bytes } = useI18n();
  const titled = () => titledOf(props.hint);
  return (
    <li>
      <span class="media-title isolate-text" dir="auto">
        {titled().title || props.hint.contentType}
      </span>
      <span class="media-length">
        {((seconds) => (seconds === null ? bytes(props.hint.size) : clockText(seconds)))(titled().seconds)}
      </span>
      <Show when={aboutOf(props.hint)}>
        {(about) => (
          <span class="media-about isolate-text" dir="auto">
            {about()}
          </span>
        )}
      </Show>
    </li>
  );
}

export function MediaStrip(props: {
  envelope: EnvelopeView;
  /** Files that are named. */
  most: number;
}): JSX.Element {
  const { t, number } = useI18n();
  const pictures = () => props.envelope.media.filter(isPicture);
  const files = () => props.envelope.media.filter((hint) => !isPicture(hint));
  const shown = () => files().slice(0, props.most);
  const more = () => files().length - shown().length;
  return (
    <>
      <Show when={files().length > 0}>
        <ol class="media-list" data-numbered={files().length > 1 ? "" : undefined}>
          <For each={shown()}>{(hint) => <Entry hint={hint} />}</For>
          <Show when={more() > 0}>
            <li class="media-more">{t("kind.more", { count: number(more()) })}</li>
          </Show>
        </ol>
      </Show>
      <Show when={pictures().length > 0}>
        <Pictures media={pictures()} />
      </Show>
    </>
  );
}
