/** The files of a post that is open: pictures and players where the bytes are what they are said to be, all else to be saved. */
import { For, type JSX, Match, Show, Switch } from "solid-js";
import type { EnvelopeView, MediaHintView, PostView } from "../../../../peer/api.ts";
import { familyOf } from "../../../../wire/family.ts";
import { useI18n } from "../../../i18n/index.tsx";
import { FileToSave } from "./file.tsx";
import { ShownMedium } from "./shown.tsx";

/** What is said of a file, or what can be said of one that nobody described. */
const UNTOLD: MediaHintView = { contentType: "application/octet-stream", size: 0, blurhash: null, altText: null };

export function Attachments(props: { envelope: EnvelopeView; post: PostView }): JSX.Element {
  const { t } = useI18n();
  // Hints stand for the media one by one, or say nothing about any of them.
  const hintOf = (at: number) =>
    (props.envelope.media.length === props.post.media.length ? props.envelope.media[at] : undefined) ?? UNTOLD;
  const isShown = (hint: MediaHintView) => ["picture", "audio", "video"].includes(familyOf(hint.contentType));
  return (
    <Show when={props.post.media.length > 0}>
      <section class="attachments" aria-label={t("attachments.title")} data-part="attachments">
        <For each={props.post.media}>
          {(hash, at) => (
            <Switch fallback={<FileToSave post={props.post.hash} hash={hash} hint={hintOf(at())} />}>
              <Match when={isShown(hintOf(at()))}>
                <ShownMedium post={props.post.hash} hash={hash} hint={hintOf(at())} />
              </Match>
            </Switch>
          )}
        </For>
      </section>
    </Show>
  );
}
