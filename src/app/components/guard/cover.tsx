/** Says why something is covered, and lifts the cover. */
import type { JSX } from "solid-js";
import type { DefenceReason, EnvelopeView } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { isRevealed, reveal } from "../../state/revealed.ts";
import { useCoverWords } from "./words.ts";

export default function Cover(props: {
  envelope: EnvelopeView;
  reason: DefenceReason;
  what: "post" | "media";
}): JSX.Element {
  const { number, t } = useI18n();
  const coverWords = useCoverWords();
  const shown = () => isRevealed(props.envelope.hash);
  const count = () => {
    const { length } = props.envelope.media;
    return props.what === "media"
      ? t(length === 1 ? "cover.media_one" : "cover.media_other", { count: number(length) })
      : "";
  };
  return (
    <div class="cover" data-shown={shown() ? "" : undefined}>
      <p>
        {coverWords(props.reason)}
        <span class="cover-count">{count()}</span>
      </p>
      <button
        type="button"
        class="button button-small envelope-above"
        aria-expanded={shown()}
        onClick={() => reveal(props.envelope.hash, !shown())}
      >
        {t(shown() ? "cover.hide" : "cover.show")}
      </button>
    </div>
  );
}
