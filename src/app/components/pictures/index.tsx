/** The blurred previews that travel in an envelope, with the author's words for them. */
import { createEffect, For, type JSX } from "solid-js";
import type { MediaHintView } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { displayLine } from "../../text/display.ts";

/** A blurhash carries at most 9 by 9 waves: more pixels would show nothing more. */
const WIDTH = 32;
const HEIGHT = 24;

async function paint(canvas: HTMLCanvasElement, blurhash: string): Promise<void> {
  const { decode, isBlurhashValid } = await import("blurhash");
  if (!isBlurhashValid(blurhash).result) return;
  const context = canvas.getContext("2d");
  if (!context) return;
  context.putImageData(new ImageData(new Uint8ClampedArray(decode(blurhash, WIDTH, HEIGHT)), WIDTH, HEIGHT), 0, 0);
}

function Picture(props: { hint: MediaHintView }): JSX.Element {
  const { t } = useI18n();
  const words = () => (props.hint.altText ? displayLine(props.hint.altText) : t("envelope.picture"));
  let canvas!: HTMLCanvasElement;
  createEffect(() => {
    const { blurhash } = props.hint;
    if (blurhash) paint(canvas, blurhash).catch((error: unknown) => console.warn("blurhash", error));
  });
  return (
    <li>
      <canvas
        ref={canvas}
        class="envelope-picture"
        width={WIDTH}
        height={HEIGHT}
        role="img"
        aria-label={words()}
        title={words()}
      />
    </li>
  );
}

export function Pictures(props: { media: readonly MediaHintView[] }): JSX.Element {
  const { t } = useI18n();
  return (
    <ul class="envelope-pictures" aria-label={t("envelope.pictures")}>
      <For each={props.media}>{(hint) => <Picture hint={hint} />}</For>
    </ul>
  );
}
