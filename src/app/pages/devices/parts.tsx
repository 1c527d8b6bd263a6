/** What both sides show: the number, how far it is, and why it ended. */
import { type JSX, Show } from "solid-js";
import type { DeviceView } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { useDevicesWords } from "./words.ts";

/** Six digits in two groups, as they are read to somebody. */
export function BigNumber(props: { number: string }): JSX.Element {
  return (
    <p class="device-number" data-number={props.number}>
      <bdi dir="ltr">
        {props.number.slice(0, 3)} {props.number.slice(3)}
      </bdi>
    </p>
  );
}

export function Progress(props: { device: DeviceView }): JSX.Element {
  const { bytes } = useI18n();
  const { t } = useDevicesWords();
  const moved = () => ({ moved: bytes(props.device.moved), size: bytes(props.device.size ?? 0) });
  return (
    <div class="grid gap-3" role="status">
      <Show when={props.device.size} fallback={<p>{t("packing")}</p>}>
        {(size) => (
          <>
            <progress class="device-progress" max={size()} value={props.device.moved} aria-label={t("title")} />
            <p class="text-sm text-soft">{t("moving", moved())}</p>
          </>
        )}
      </Show>
    </div>
  );
}

export function DeviceProblem(props: { code: string; children?: JSX.Element }): JSX.Element {
  const { has, t } = useDevicesWords();
  return (
    <div class="note" role="alert" data-code={props.code}>
      <h2>{t("problem.title")}</h2>
      <p>{has(props.code) ? t(props.code) : t("other", { code: props.code })}</p>
      <Show when={props.children}>
        <div class="flex flex-wrap gap-3">{props.children}</div>
      </Show>
    </div>
  );
}
