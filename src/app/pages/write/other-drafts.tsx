/** What else has been begun. */
import { For, type JSX, Show } from "solid-js";
import type { Draft } from "../../../peer/api.ts";
import { Icon } from "../../components/icon/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { displayLine } from "../../text/display.ts";

export function OtherDrafts(props: {
  drafts: readonly Draft[];
  inert: boolean;
  onOpen: (draft: Draft) => void;
}): JSX.Element {
  const { t } = useI18n();
  return (
    <Show when={props.drafts.length > 0}>
      <section class="section" inert={props.inert}>
        <h2>{t("write.drafts")}</h2>
        <ul class="grid gap-1">
          <For each={props.drafts}>
            {(draft) => (
              <li>
                <button type="button" class="draft-row" onClick={() => props.onOpen(draft)}>
                  <Icon name="write" small />
                  <bdi class="chip-text">
                    {displayLine(draft.headline || draft.text).slice(0, 80) || t("aside.untitled")}
                  </bdi>
                </button>
              </li>
            )}
          </For>
        </ul>
      </section>
    </Show>
  );
}
