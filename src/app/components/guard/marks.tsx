/** That a name looks like another one, and what this person found of the author's posts before. */
import { A } from "@solidjs/router";
import { type JSX, Show } from "solid-js";
import type { AlikeView } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { useSession } from "../../state/session.tsx";
import { alikeWords } from "../../text/alike-words.ts";
import { Icon } from "../icon/index.tsx";

export default function Marks(props: { flagged: number; alike: AlikeView | null; plain: boolean }): JSX.Element {
  const { number, t } = useI18n();
  const { identity } = useSession();
  const words = (alike: AlikeView): string => {
    const { key, slots } = alikeWords(alike, identity()?.id);
    return t(key, slots);
  };
  return (
    <>
      <Show when={props.alike}>
        {(alike) => (
          <Show
            when={props.plain}
            fallback={
              <A
                class="author-mark envelope-above"
                href={`/u/${alike().id}`}
                title={t("alike.title")}
                data-mark="alike"
              >
                <Icon name="people" small />
                {words(alike())}
              </A>
            }
          >
            <span class="author-mark" title={t("alike.title")} data-mark="alike">
              <Icon name="people" small />
              {words(alike())}
            </span>
          </Show>
        )}
      </Show>
      <Show when={props.flagged > 0}>
        <span class="author-mark" data-mark="flagged">
          {t(props.flagged === 1 ? "flag.mark_one" : "flag.mark_other", { count: number(props.flagged) })}
        </span>
      </Show>
    </>
  );
}
