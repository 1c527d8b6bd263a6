/** A profile that is not here yet, or cannot be read. */
import type { JSX } from "solid-js";
import { UnreadableNote } from "../../components/unreadable-note/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import type { Asking } from "../../state/live.ts";

export function Waiting(props: { of: Asking }): JSX.Element {
  const { t } = useI18n();
  return (
    <>
      <h1 class="visually-hidden">{t("profile.title")}</h1>
      <UnreadableNote of={props.of} title={t("unreadable.profile")} />
    </>
  );
}
