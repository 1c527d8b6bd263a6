/** What can be done about a post besides reading it. What is in the menu is loaded when it is first opened. */
import { createSignal, type JSX, Show, Suspense } from "solid-js";
import type { EnvelopeView } from "../../../peer/api.ts";
import { lazily, useI18n } from "../../i18n/index.tsx";
import { authorOf, isolatedName } from "../../text/people.ts";
import { Icon } from "../icon/index.tsx";

const CardSheet = lazily(() => import("./sheet.tsx"));

export function CardMenu(props: { envelope: EnvelopeView }): JSX.Element {
  const { t } = useI18n();
  const [isOpen, setOpen] = createSignal(false);
  const name = () => isolatedName(authorOf(props.envelope));
  return (
    <>
      <button
        type="button"
        class="card-menu envelope-above"
        aria-haspopup="dialog"
        aria-label={t("envelope.menu", { name: name() })}
        onClick={() => setOpen(true)}
      >
        <Icon name="more" />
      </button>
      <Show when={isOpen()}>
        <Suspense>
          <CardSheet envelope={props.envelope} onClose={() => setOpen(false)} />
        </Suspense>
      </Show>
    </>
  );
}
