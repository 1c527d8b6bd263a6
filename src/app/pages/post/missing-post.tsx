/** In the place of a post that is not held here: it is looked for, and the live query that shows it notices when it comes. */
import { createMemo, createSignal, type JSX, Show } from "solid-js";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { createLiveValue } from "../../state/live.ts";

export function MissingPost(props: {
  hash: string;
  /** Looks at once; else when somebody presses the button. */
  eager: boolean;
  words: {
    readonly missing: "thread.missing" | "references.missing";
    readonly looking: "thread.missing.looking" | "references.looking";
  };
}): JSX.Element {
  const { t } = useI18n();
  const { api } = useConnection();
  const [wanted, setWanted] = createSignal(false);
  const looks = () => props.eager || wanted();
  const query = createMemo(() => (looks() ? { hash: props.hash } : undefined));
  const finding = createLiveValue(api, "finding", () => query());
  const text = () => {
    const state = finding.value();
    if (state?.state === "looking") return t(props.words.looking);
    return t(state?.looked ? "references.nowhere" : props.words.missing);
  };
  return (
    <div class="post-line post-line-missing" data-missing={props.hash} data-state={finding.value()?.state}>
      <p>{text()}</p>
      <Show when={!looks()}>
        <button type="button" class="button button-small" onClick={() => setWanted(true)}>
          {t("references.look")}
        </button>
      </Show>
    </div>
  );
}
