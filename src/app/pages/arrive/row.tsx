/** One post of a file, to be chosen. */
import { type JSX, Show } from "solid-js";
import type { Archive, ArrivedPost } from "../../arriving/index.ts";
import { isCut } from "../../arriving/index.ts";
import { useI18n } from "../../i18n/index.tsx";
import { displayLine, displayText } from "../../text/display.ts";
import { Files } from "./files.tsx";
import { useArriveWords } from "./words.ts";

/** Three lines of it are shown; more of a text that may have megabytes costs time and is seen by nobody. */
const SHOWN = 600;

export function Row(props: {
  post: ArrivedPost;
  archive: Archive | null;
  chosen: boolean;
  onToggle: () => void;
}): JSX.Element {
  const { t } = useArriveWords();
  const { day, list, number } = useI18n();
  const year = (time: number) => new Date(time).getFullYear();
  const date = () =>
    props.post.published === null
      ? t("undated")
      : `${day(props.post.published)} ${number(year(props.post.published)).replaceAll(/[,٬]/gu, "")}`;
  const marks = () => {
    const { audience, isAnswer, isSensitive, parent } = props.post;
    return list([
      date(),
      ...(audience === "public" ? [] : [t(audience)]),
      ...(isSensitive ? [t("sensitive")] : []),
      ...(isAnswer ? [t(parent === null ? "answer" : "goesOn")] : []),
      ...(isCut(props.post) ? [t("cut")] : []),
    ]);
  };
  const text = () => displayText(props.post.text.slice(0, SHOWN)).replaceAll(/\n+/gu, "\n");

  return (
    <label class="pick" data-post={props.post.id}>
      <input type="checkbox" checked={props.chosen} onChange={() => props.onToggle()} />
      <span class="pick-text">
        <Show when={props.post.headline}>
          <span class="row-name">
            <bdi>{displayLine(props.post.headline)}</bdi>
          </span>
        </Show>
        <Show
          when={text() || props.post.headline}
          fallback={<span class="text-sm text-faint">{t("onlyPictures")}</span>}
        >
          <span class="arrive-text" dir="auto">
            {text()}
          </span>
        </Show>
        <span class="text-sm text-faint">{marks()}</span>
        <Show when={props.post.files.length > 0}>
          <Files files={props.post.files} archive={props.archive} />
        </Show>
      </span>
    </label>
  );
}
