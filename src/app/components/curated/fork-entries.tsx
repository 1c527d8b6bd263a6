/** Which entries only one of two versions of a curated feed has: what somebody is shown and somebody else is not. */
import { A } from "@solidjs/router";
import { For, type JSX, Show } from "solid-js";
import type { CuratedForkEntry } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { curatedHref } from "../../text/curated-links.ts";
import { displayLine } from "../../text/display.ts";

/** Enough of a hash to tell two entries apart. */
const SHORT_HASH = 12;
const SIDES = ["there", "here"] as const;

export function ForkEntries(props: { entries: readonly CuratedForkEntry[] }): JSX.Element {
  return (
    <For each={SIDES}>{(side) => <Side side={side} entries={props.entries.filter(({ only }) => only === side)} />}</For>
  );
}

function Side(props: { side: CuratedForkEntry["only"]; entries: readonly CuratedForkEntry[] }): JSX.Element {
  const { t } = useI18n();
  const titleOf = ({ postHash, title }: CuratedForkEntry): string =>
    displayLine(title ?? "") || t("curated.fork.entry", { hash: `\u2066${postHash.slice(0, SHORT_HASH)}…\u2069` });
  return (
    <Show when={props.entries.length > 0}>
      <p>{t(`curated.fork.only.${props.side}`)}</p>
      <ul class="curated-fork" data-only={props.side}>
        <For each={props.entries}>
          {(entry) => (
            <li>
              <A class="link" href={entry.feed === null ? `/p/${entry.postHash}` : curatedHref(entry.feed)}>
                <bdi>{titleOf(entry)}</bdi>
              </A>
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}
