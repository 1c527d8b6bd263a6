/** What is done with what nobody has muted by name. */
import type { JSX } from "solid-js";
import type { DefencePolicy } from "../../../peer/api.ts";
import { useActions } from "../../state/actions.ts";
import { Choice } from "../settings/choice.tsx";
import { useMutesWords } from "./words.ts";

const FLAGGED = ["mark", "cover", "hide"] as const;
const MEDIA = ["show", "sensitive", "strangers"] as const;

export function Policy(props: { policy: DefencePolicy }): JSX.Element {
  const { t: w } = useMutesWords();
  const { run } = useActions();
  return (
    <section class="section grid gap-6">
      <h2>{w("policy")}</h2>
      <Choice
        legend={w("flagged")}
        value={props.policy.flagged}
        options={FLAGGED.map((value) => ({ value, words: w(`flagged.${value}`) }))}
        onChange={(flagged) => void run((api) => api.setDefence({ flagged }))}
      />
      <div class="grid gap-2">
        <Choice
          legend={w("media")}
          value={props.policy.media}
          options={MEDIA.map((value) => ({ value, words: w(`media.${value}`) }))}
          onChange={(media) => void run((api) => api.setDefence({ media }))}
        />
        <p class="max-w-measure text-sm text-soft">{w("media.hint")}</p>
      </div>
    </section>
  );
}
