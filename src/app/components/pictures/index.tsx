/** The blurred previews that travel in an envelope, with the author's words for them. */
import { createEffect, createSignal, Index, type JSX, on, onCleanup, Show } from "solid-js";
import type { MediaHintView } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { displayLine } from "../../text/display.ts";
import { whenIdle } from "../../state/idle.ts";
import { Dialog } from "../dialog/index.tsx";

/** A blurhash carries at most 9 by 9 waves: more pixels would show nothing more. */
const WIDTH = 32;
const HEIGHT = 24;
/** As many as the wire takes. Counted in characters there: twice as long with characters that no blurhash has. */
const LONGEST = 64;

async function paint(canvas: HTMLCanvasElement, blurhash: string): Promise<void> {
  const { decode, isBlurhashValid } = await import("blurhash");
  if (blurhash.length > LONGEST || !isBlurhashValid(blurhash).result) return;
  const context = canvas.getContext("2d");
  if (!context) return;
  context.putImageData(new ImageData(new Uint8ClampedArray(decode(blurhash, WIDTH, HEIGHT)), WIDTH, HEIGHT), 0, 0);
}

/** Has its place from the beginning and is painted when there is nothing better to do. Decoration: words stand beside it. */
export function Blur(props: { blurhash: string | null; class: string }): JSX.Element {
  let canvas!: HTMLCanvasElement;
  createEffect(
    on(
      () => props.blurhash,
      (blurhash) => {
        if (blurhash === null) return;
        const work = () => paint(canvas, blurhash).catch((error: unknown) => console.warn("blurhash", error));
        onCleanup(whenIdle(() => void work()));
      },
    ),
  );
  return <canvas ref={canvas} class={props.class} width={WIDTH} height={HEIGHT} aria-hidden="true" />;
}

function Picture(props: { hint: MediaHintView; number: number }): JSX.Element {
  const { t, number } = useI18n();
  const [isOpen, setOpen] = createSignal(false);
  const described = () => displayLine(props.hint.altText ?? "");
  const words = () => described() || t("envelope.picture");
  return (
    <li>
      <div role="img" aria-label={words()} title={words()}>
        <Blur blurhash={props.hint.blurhash} class="envelope-picture" />
      </div>
      <Show when={described()}>
        <button
          type="button"
          class="picture-alt"
          aria-haspopup="dialog"
          aria-label={t("envelope.alt.open", { number: number(props.number) })}
          onClick={() => setOpen(true)}
        >
          <span>{t("envelope.alt")}</span>
        </button>
        <Show when={isOpen()}>
          <Dialog title={t("envelope.alt.title")} onClose={() => setOpen(false)}>
            <p class="isolate-text" dir="auto">
              {described()}
            </p>
          </Dialog>
        </Show>
      </Show>
    </li>
  );
}

export function Pictures(props: { media: readonly MediaHintView[] }): JSX.Element {
  const { t } = useI18n();
  return (
    <ul class="envelope-pictures" aria-label={t("envelope.pictures")}>
      {/* By place: what is known of a post may change while somebody reads what is said of its pictures. */}
      <Index each={props.media}>{(hint, at) => <Picture hint={hint()} number={at + 1} />}</Index>
    </ul>
  );
}
