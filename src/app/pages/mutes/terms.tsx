/** In which way and for how long, for several that are muted at once. */
import { type Accessor, createSignal, type JSX } from "solid-js";
import type { MuteInput } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { LENGTH_NAMES, type Length, untilOf } from "../../state/defending.ts";
import { Choice } from "../settings/choice.tsx";
import { useMutesWords } from "./words.ts";

type How = "hide" | "cover";

export interface Terms {
  readonly how: Accessor<How>;
  readonly length: Accessor<Length>;
  setHow(how: How): void;
  setLength(length: Length): void;
  /** As of now. */
  of(): Pick<MuteInput, "how" | "until">;
}

export function createTerms(): Terms {
  const [how, setHow] = createSignal<How>("hide");
  const [length, setLength] = createSignal<Length>("ever");
  return { how, length, setHow, setLength, of: () => ({ how: how(), until: untilOf(length()) }) };
}

export function TermsFields(props: { terms: Terms }): JSX.Element {
  const { t } = useI18n();
  const { t: w } = useMutesWords();
  return (
    <>
      <Choice
        legend={w("how")}
        value={props.terms.how()}
        options={[
          { value: "hide", words: w("how.hide") },
          { value: "cover", words: w("how.cover") },
        ]}
        onChange={(how) => props.terms.setHow(how)}
      />
      <Choice
        legend={w("until")}
        value={props.terms.length()}
        options={LENGTH_NAMES.map((value) => ({ value, words: t(`mute.${value}`) }))}
        onChange={(length) => props.terms.setLength(length)}
      />
    </>
  );
}
