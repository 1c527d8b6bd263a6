/** How many posts that are held here answer this one, and how many refer to it. Nothing where there are none. */
import { type JSX, Show } from "solid-js";
import type { EnvelopeView } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { Icon, type IconName } from "../icon/index.tsx";

function Count(props: { of: "replies" | "referenced"; icon: IconName; count: number; turns?: boolean }): JSX.Element {
  const { t, number } = useI18n();
  const words = () =>
    t(props.count === 1 ? `envelope.${props.of}_one` : `envelope.${props.of}_other`, { count: number(props.count) });
  return (
    <Show when={props.count > 0}>
      <span class="envelope-state" title={words()} data-count={props.of}>
        <Icon name={props.icon} small turns={props.turns ?? false} />
        <span aria-hidden="true">{number(props.count)}</span>
        <span class="visually-hidden">{words()}</span>
      </span>
    </Show>
  );
}

export function Counts(props: { envelope: EnvelopeView }): JSX.Element {
  return (
    <>
      <Count of="replies" icon="reply" turns count={props.envelope.replies} />
      <Count of="referenced" icon="link" count={props.envelope.referencedBy} />
    </>
  );
}
