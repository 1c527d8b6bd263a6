/** The home place, and a way to change it wherever it is shown. */
import { createSignal, type JSX, Show, Suspense } from "solid-js";
import { lazily, useI18n } from "../../i18n/index.tsx";
import { Icon } from "../icon/index.tsx";

// What is typed into, and what checks it, is not needed for the first screen.
const HomeDialog = lazily(() => import("./dialog.tsx"));

export function ChangeHome(props: { quiet?: boolean }): JSX.Element {
  const { t } = useI18n();
  const [open, setOpen] = createSignal(false);
  return (
    <>
      <button
        type="button"
        class={props.quiet ? "icon-button" : "button"}
        aria-label={t("explore.home.change")}
        title={t("explore.home.change")}
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        <Icon name="place" small={!props.quiet} />
        <Show when={!props.quiet}>{t("explore.home.change")}</Show>
      </button>
      <Show when={open()}>
        <Suspense>
          <HomeDialog onClose={() => setOpen(false)} />
        </Suspense>
      </Show>
    </>
  );
}
