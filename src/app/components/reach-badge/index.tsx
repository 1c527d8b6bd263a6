/** How far a post is heard, in a few words; pressed, it says why. */
import { createMemo, createSignal, type JSX, Show, Suspense } from "solid-js";
import type { EnvelopeView } from "../../../peer/api.ts";
import { lazily, useI18n } from "../../i18n/index.tsx";
import { Dialog } from "../dialog/index.tsx";
import { Icon } from "../icon/index.tsx";

// Most are never pressed.
const ReachSheet = lazily(() => import("./sheet.tsx"));

export function ReachBadge(props: { envelope: EnvelopeView }): JSX.Element {
  const { number, t } = useI18n();
  const [isOpen, setOpen] = createSignal(false);
  const text = createMemo(() => {
    const { boosts, curators, topics, trustedBoosts, widest } = props.envelope.heard;
    const far = t(widest !== null ? `reach.badge.${widest}` : topics ? "reach.badge.topics" : "reach.badge.start");
    const parts = [far];
    if (boosts > 0) parts.push(t(boosts === 1 ? "reach.boosts_one" : "reach.boosts_other", { count: number(boosts) }));
    if (trustedBoosts > 0) {
      parts.push(
        t(trustedBoosts === 1 ? "reach.trusted_one" : "reach.trusted_other", { count: number(trustedBoosts) }),
      );
    }
    if (curators > 0) {
      parts.push(t(curators === 1 ? "reach.curators_one" : "reach.curators_other", { count: number(curators) }));
    }
    return parts.join(" · ");
  });
  return (
    <>
      <button
        type="button"
        class="reach-badge envelope-above"
        aria-label={t("reach.badge.open", { text: text() })}
        onClick={() => setOpen(true)}
      >
        <Icon name="reach" small />
        {text()}
      </button>
      <Show when={isOpen()}>
        <Dialog title={t("reach.title")} onClose={() => setOpen(false)}>
          <Suspense fallback={<p role="status">{t("reach.waiting")}</p>}>
            <ReachSheet hash={props.envelope.hash} created={props.envelope.created} />
          </Suspense>
        </Dialog>
      </Show>
    </>
  );
}
