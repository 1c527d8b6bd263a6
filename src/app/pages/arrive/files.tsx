/** The files of a post that may be chosen: small pictures of what is in the archive, and what stays behind. */
import { createEffect, createSignal, For, type JSX, on, onCleanup, Show } from "solid-js";
import type { Archive, ArrivedFile } from "../../arriving/index.ts";
import { Blur } from "../../components/pictures/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { codeOf } from "../../state/errors.ts";
import { displayLine } from "../../text/display.ts";
import { drawThumbnail } from "../../media/index.ts";
import { foreseen, isWordy, type Reason } from "./taking.ts";
import { useArriveWords } from "./words.ts";

/** Four are what Mastodon takes; more would make a row of the list a page. */
const SHOWN = 4;
/** Pixels of the screen: 64 of style.css on one with two to one. */
const SIDE = 128;

/** Photographs are decoded one after the other: each may take 200 MB. */
let drawn: Promise<void> = Promise.resolve();

function Thumbnail(props: { file: ArrivedFile; archive: Archive | null }): JSX.Element {
  const { t } = useArriveWords();
  const [state, setState] = createSignal<"waiting" | "drawn" | "broken">("waiting");
  let canvas!: HTMLCanvasElement;
  const words = () => displayLine(props.file.words) || t("file.picture");

  async function draw({ source }: ArrivedFile, archive: Archive | null, signal: AbortSignal): Promise<void> {
    if (signal.aborted || source === null) return;
    try {
      const bytes = source instanceof Blob ? source : await archive?.one?.(source, signal);
      if (bytes === undefined || signal.aborted) return;
      await drawThumbnail(bytes, canvas, SIDE);
      setState("drawn");
    } catch (error) {
      if (signal.aborted) return;
      console.debug("a picture that is none", codeOf(error));
      setState("broken");
    }
  }

  createEffect(
    on([() => props.file, () => props.archive], ([file, archive]) => {
      const stopped = new AbortController();
      onCleanup(() => stopped.abort());
      setState("waiting");
      drawn = drawn.then(() => draw(file, archive, stopped.signal));
    }),
  );

  return (
    <span
      class="arrive-picture"
      role="img"
      data-state={state()}
      aria-label={state() === "broken" ? t("file.broken") : words()}
      title={state() === "broken" ? t("file.broken") : words()}
    >
      <Show when={state() !== "drawn" && props.file.blurhash !== null}>
        <Blur blurhash={props.file.blurhash} class="arrive-blur" />
      </Show>
      <canvas ref={canvas} aria-hidden="true" />
      <Show when={state() === "broken"}>
        <span aria-hidden="true">{"×"}</span>
      </Show>
    </span>
  );
}

const isPicture = ({ contentType }: ArrivedFile): boolean => contentType === "" || contentType.startsWith("image/");

export function Files(props: { files: readonly ArrivedFile[]; archive: Archive | null }): JSX.Element {
  const { t } = useArriveWords();
  const { number } = useI18n();
  const coming = () => props.files.filter((file) => foreseen(file, props.archive) === null);
  const pictures = () => coming().filter(isPicture);
  const others = () => coming().length - pictures().length;
  const counted = (key: "pictures" | "others", count: number) =>
    t(count === 1 ? `${key}_one` : `${key}_other`, { count: number(count) });
  const staying = () => {
    const reasons = new Map<Reason, number>();
    for (const file of props.files) {
      const reason = foreseen(file, props.archive);
      if (reason !== null) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
    return [...reasons];
  };
  return (
    <>
      <Show when={pictures().length > 0}>
        <span class="arrive-pictures">
          <For each={pictures().slice(0, SHOWN)}>{(file) => <Thumbnail file={file} archive={props.archive} />}</For>
        </span>
        <span class="text-sm text-faint">{counted("pictures", pictures().length)}</span>
      </Show>
      <Show when={others() > 0}>
        <span class="text-sm text-faint">{counted("others", others())}</span>
      </Show>
      <For each={staying()}>
        {([reason, count]) => (
          <span class="text-sm text-faint" data-stays={reason}>
            {t("stays", { count: number(count), reason: t(`why.${reason}`) })}
          </span>
        )}
      </For>
      <Show when={coming().some(isWordy)}>
        <span class="text-sm text-faint">{t("wordy")}</span>
      </Show>
    </>
  );
}
