/** The files that stayed behind, by name, with the reason. */
import { For, type JSX, Show } from "solid-js";
import { useI18n } from "../../i18n/index.tsx";
import { displayLine } from "../../text/display.ts";
import type { LeftOut } from "./taking.ts";
import { useArriveWords } from "./words.ts";

/** More names than this are read by nobody. */
const SHOWN = 200;

export function LeftOutList(props: { files: readonly LeftOut[] }): JSX.Element {
  const { t } = useArriveWords();
  const { number } = useI18n();
  const more = () => props.files.length - SHOWN;
  return (
    <Show when={props.files.length > 0}>
      <details class="note" data-left-out={props.files.length}>
        <summary>
          {t(props.files.length === 1 ? "leftOut_one" : "leftOut_other", { count: number(props.files.length) })}
        </summary>
        <ul class="arrive-left-out">
          <For each={props.files.slice(0, SHOWN)}>
            {({ file, reason }) => (
              <li>
                <bdi>{displayLine(file.name) || t("file.inside")}</bdi>
                <span class="text-sm text-faint">{t(`why.${reason}`)}</span>
              </li>
            )}
          </For>
        </ul>
        <Show when={more() > 0}>
          <p class="text-sm text-faint">{t("leftOut.more", { count: number(more()) })}</p>
        </Show>
      </details>
    </Show>
  );
}
