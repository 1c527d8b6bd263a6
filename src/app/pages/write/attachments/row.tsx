/** One file of the draft: what it is, what is said of it, its place, and the way out. */
import { createEffect, createSignal, createUniqueId, type JSX, on, onCleanup, Show } from "solid-js";
import type { DraftAttachment } from "../../../../peer/api.ts";
import { familyOf, type MediaFamily } from "../../../../wire/family.ts";
import { showingOf } from "../../../../wire/media.ts";
import { Icon } from "../../../components/icon/index.tsx";
import { useI18n } from "../../../i18n/index.tsx";
import { useConnection } from "../../../state/connection.tsx";
import { codeOf } from "../../../state/errors.ts";
import { clockText } from "../../../text/kinds.ts";

function Thumb(props: { file: DraftAttachment }): JSX.Element {
  const { t } = useI18n();
  const { api } = useConnection();
  const isPicture = () => familyOf(props.file.contentType) === "picture";
  const [url, setUrl] = createSignal<string>();
  createEffect(
    on([api, () => props.file.hash, isPicture], ([peer, hash, wanted]) => {
      let address: string | undefined;
      let over = false;
      onCleanup(() => {
        over = true;
        setUrl(undefined);
        if (address !== undefined) URL.revokeObjectURL(address);
      });
      if (!peer || !wanted) return;
      const { contentType } = props.file;
      peer.attachment({ hash }).then(
        (bytes) => {
          const showing = showingOf(contentType, bytes);
          if (over || showing === null) return;
          address = URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type: showing.type }));
          setUrl(address);
        },
        // The preview tells that it is not here any more.
        (error: unknown) => console.warn("file", codeOf(error)),
      );
    }),
  );
  return (
    <div class="file-thumb">
      <Show when={url()} fallback={t(`write.files.${familyOf(props.file.contentType)}`)}>
        {(src) => <img src={src()} alt="" width={80} height={80} />}
      </Show>
    </div>
  );
}

/** A picture is described, a lesson is called something and is about something, anything else has a name. */
function askedOf(family: MediaFamily): { readonly words: "alt" | "lesson" | "name"; readonly rows: number } {
  if (family === "picture") return { words: "alt", rows: 2 };
  return family === "video" ? { words: "lesson", rows: 3 } : { words: "name", rows: 1 };
}

export function FileRow(props: {
  file: DraftAttachment;
  first: boolean;
  last: boolean;
  problem: string | undefined;
  onWords: (words: string) => void;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
}): JSX.Element {
  const { t, bytes } = useI18n();
  const id = createUniqueId();
  const family = () => familyOf(props.file.contentType);
  const asked = () => askedOf(family());
  const name = () =>
    `\u2068${props.file.altText.trimStart().split("\n", 1)[0]?.slice(0, 40) || t(`write.files.${family()}`)}\u2069`;
  const facts = () =>
    [
      props.file.duration === null ? undefined : clockText(Math.round(props.file.duration / 1_000)),
      bytes(props.file.size),
    ]
      .filter(Boolean)
      .join(" · ");
  return (
    <li class="file-row" data-file={props.file.hash}>
      <Thumb file={props.file} />
      <div class="field">
        <label for={id}>{t(`write.files.${asked().words}`)}</label>
        <textarea
          id={id}
          class="input"
          data-kept=""
          dir="auto"
          rows={asked().rows}
          value={props.file.altText}
          aria-describedby={`${id}-hint`}
          aria-invalid={props.problem ? true : undefined}
          onInput={(event) => props.onWords(event.currentTarget.value)}
        />
        <div class="file-row-foot">
          <p id={`${id}-hint`} class={props.problem ? "field-problem" : "field-hint"}>
            {props.problem ?? facts()}
          </p>
          <div class="flex">
            <button
              type="button"
              class="icon-button"
              // Not disabled: one that is pressed until it is at the top would lose the focus there.
              aria-disabled={props.first}
              data-move={-1}
              aria-label={t("write.files.up", { name: name() })}
              onClick={() => props.onMove(-1)}
            >
              <Icon name="up" small />
            </button>
            <button
              type="button"
              class="icon-button"
              aria-disabled={props.last}
              data-move={1}
              aria-label={t("write.files.down", { name: name() })}
              onClick={() => props.onMove(1)}
            >
              <Icon name="down" small />
            </button>
            <button
              type="button"
              class="icon-button"
              aria-label={t("write.files.remove", { name: name() })}
              onClick={() => props.onRemove()}
            >
              <Icon name="close" small />
            </button>
          </div>
        </div>
      </div>
    </li>
  );
}
