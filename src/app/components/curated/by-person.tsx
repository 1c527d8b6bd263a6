/** What somebody curates, on their profile. Others are asked for it while it is on screen. */
import { createMemo, For, type JSX, Show } from "solid-js";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { createLiveValue } from "../../state/live.ts";
import { CuratedCard } from "./card.tsx";

export default function CuratedByPerson(props: { id: string; own: boolean }): JSX.Element {
  const { t } = useI18n();
  const { api } = useConnection();
  const query = createMemo(() => ({ curator: props.id }));
  const live = createLiveValue(api, "curatedBy", () => query());
  const feeds = () => live.value()?.feeds ?? [];
  return (
    <Show when={feeds().length > 0}>
      <section class="curated-held" aria-labelledby="curated-by">
        <h2 id="curated-by" class="text-base">
          {t(props.own ? "curated.person.own" : "curated.person")}
        </h2>
        <ul class="rows">
          <For each={feeds()}>{(card) => <CuratedCard card={card} />}</For>
        </ul>
      </section>
    </Show>
  );
}
