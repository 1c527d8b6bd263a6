/** How much of one radio frame the envelope fills. */
import type { JSX } from "solid-js";
import type { DraftPreview } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";

export function SizeMeter(props: { preview: DraftPreview }): JSX.Element {
  const { t, bytes } = useI18n();
  const room = () => props.preview.radioRoom;
  const frame = () => props.preview.envelopeBytes + room();
  const words = () =>
    room() >= 0 ? t("write.fits", { bytes: bytes(room()) }) : t("write.tooLarge", { bytes: bytes(-room()) });
  return (
    <div class="grid gap-1.5">
      <meter
        class="size-meter"
        min={0}
        max={frame()}
        value={Math.min(props.preview.envelopeBytes, frame())}
        data-over={room() < 0 ? "" : undefined}
        aria-label={t("write.meter")}
        aria-valuetext={words()}
      />
      <p class="field-hint">{words()}</p>
    </div>
  );
}
