/** What of an envelope matters to whoever wants to know exactly: how much there is, and who gets what of what is paid for it. */
import type { JSX } from "solid-js";
import type { EnvelopeView } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";

/** A rate is told in 255ths. */
const WHOLE = 255;

export function Facts(props: { envelope: EnvelopeView }): JSX.Element {
  const { t, bytes, number } = useI18n();
  const percent = () => number(Math.round((props.envelope.kickbackRate / WHOLE) * 100));
  return <p class="post-facts">{t("post.facts", { size: bytes(props.envelope.contentSize), percent: percent() })}</p>;
}
