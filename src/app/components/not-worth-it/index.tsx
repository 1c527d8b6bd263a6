/** After reading: that a post was not worth it, or was after all. For this person alone, and to be taken back. */
import { type JSX, Show } from "solid-js";
import type { EnvelopeView } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { useDefending } from "../../state/defending.ts";

export function NotWorthIt(props: { envelope: EnvelopeView }): JSX.Element {
  const { t } = useI18n();
  const { notWorthIt, worthIt } = useDefending();
  const isFlagged = () => (props.envelope.guard?.flagged ?? 0) > 0;
  return (
    <Show when={!props.envelope.own}>
      <button
        type="button"
        class="button button-small"
        onClick={() => void (isFlagged() ? worthIt(props.envelope) : notWorthIt(props.envelope))}
      >
        {t(isFlagged() ? "flag.lift" : "flag.button")}
      </button>
    </Show>
  );
}
