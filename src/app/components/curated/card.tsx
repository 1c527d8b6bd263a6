/** A curated feed in short: in another one, on a profile. */
import { A } from "@solidjs/router";
import { type JSX, Show } from "solid-js";
import type { CuratedCard as Card } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { curatedHref } from "../../text/curated-links.ts";
import { displayLine, displayText } from "../../text/display.ts";
import { curatorOf, isolatedName } from "../../text/people.ts";
import { Icon } from "../icon/index.tsx";
import { AlikeMark } from "../person/index.tsx";
import { CuratedNote } from "./note.tsx";

export function CuratedCard(props: { card: Card; note?: string | null; children?: JSX.Element }): JSX.Element {
  const { t, number } = useI18n();
  const by = () => isolatedName(curatorOf(props.card));
  return (
    <li class="curated-card" data-curated={props.card.name}>
      <Icon name="curated" />
      <div class="curated-card-text">
        <A class="row-name" href={curatedHref(props.card)}>
          <bdi>{displayLine(props.card.name)}</bdi>
        </A>
        <p class="text-xs text-faint">
          {props.card.own ? t("curated.byYou") : t("curated.by", { name: by() })}
          {" · "}
          {t(props.card.count === 1 ? "curated.count_one" : "curated.count_other", { count: number(props.card.count) })}
        </p>
        <p class="empty:hidden">
          <AlikeMark of={curatorOf(props.card)} />
        </p>
        <Show when={props.note}>{(note) => <CuratedNote note={note()} />}</Show>
        <Show when={props.card.description}>
          {(description) => (
            <p class="text-sm text-soft isolate-text" dir="auto">
              {displayText(description())}
            </p>
          )}
        </Show>
        <Show when={props.card.forked}>
          <p class="text-sm text-soft">{t("curated.forked.short")}</p>
        </Show>
      </div>
      {props.children}
    </li>
  );
}
