/** Puts a post into a feed of one's own. The dialog is loaded when somebody first asks for it. */
import { createSignal, type JSX, Show, Suspense } from "solid-js";
import type { EnvelopeView } from "../../../peer/api.ts";
import { lazily, useI18n } from "../../i18n/index.tsx";
import { Dialog } from "../dialog/index.tsx";
import { Icon } from "../icon/index.tsx";

const CurateSheet = lazily(() => import("./sheet.tsx"));

export function CurateButton(props: { envelope: EnvelopeView }): JSX.Element {
  const { t } = useI18n();
  const [isOpen, setOpen] = createSignal(false);
  // A feed is public; what is for trusted people only does not go into one.
  const isPossible = () => props.envelope.scopes.length > 0;
  return (
    <Show when={isPossible()}>
      <button type="button" class="button button-small" onClick={() => setOpen(true)}>
        <Icon name="curated" small />
        {t("curate.button")}
      </button>
      <Show when={isOpen()}>
        <Dialog title={t("curate.title")} onClose={() => setOpen(false)}>
          <Suspense fallback={<p role="status">{t("reach.waiting")}</p>}>
            <CurateSheet post={props.envelope.postHash ?? props.envelope.hash} onDone={() => setOpen(false)} />
          </Suspense>
        </Dialog>
      </Show>
    </Show>
  );
}
