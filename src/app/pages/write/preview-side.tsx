/** The envelope as others will see it, who will, and whether it fits a radio frame. */
import { type JSX, Show } from "solid-js";
import type { DraftPreview } from "../../../peer/api.ts";
import { EnvelopeCard } from "../../components/envelope-card/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { AudienceLine } from "./audience.tsx";
import { SizeMeter } from "./size-meter.tsx";

export function PreviewSide(props: { preview: DraftPreview | undefined; problem: string | undefined }): JSX.Element {
  const { t } = useI18n();
  return (
    <section class="note composer-side" aria-labelledby="preview-title">
      <h2 id="preview-title" class="font-sans text-xs font-medium text-faint">
        {t("write.preview")}
      </h2>
      <Show when={props.preview?.envelope} fallback={<p class="text-soft">{t("write.preview.empty")}</p>}>
        {(envelope) => (
          <div class="composer-preview">
            <EnvelopeCard envelope={envelope()} mode="preview" />
          </div>
        )}
      </Show>
      <Show when={props.preview}>
        {(current) => (
          <>
            <AudienceLine audience={current().audience} />
            <SizeMeter preview={current()} />
          </>
        )}
      </Show>
      <Show when={props.problem}>{(words) => <p class="field-problem">{words()}</p>}</Show>
    </section>
  );
}
