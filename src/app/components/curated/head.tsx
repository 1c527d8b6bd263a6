/** What a curated feed says of itself, what is not right about it, and the feeds that it holds. */
import { A } from "@solidjs/router";
import { createMemo, createSignal, For, type JSX, Show } from "solid-js";
import type { CuratedForkView, CuratedView } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { now } from "../../state/clock.ts";
import { displayText } from "../../text/display.ts";
import { curatorOf } from "../../text/people.ts";
import { AlikeMark, PersonName } from "../person/index.tsx";
import { ScopeChip } from "../scope-chip/index.tsx";
import { CuratedCard } from "./card.tsx";
import { ForkEntries } from "./fork-entries.tsx";

/** Feeds in a feed that are shown at once: as many as a page of it holds. */
const STEP = 256;

export function CuratedHead(props: { view: CuratedView }): JSX.Element {
  const { t, ago, number } = useI18n();
  const share = () => Math.round((props.view.kickbackRate / 255) * 100);
  return (
    <div class="grid gap-2 text-sm text-soft">
      <p>
        <Show when={!props.view.own} fallback={t("curated.byYou")}>
          {t("feeds.curated.by")}{" "}
          <A class="link" href={`/u/${props.view.curator}`}>
            <PersonName of={curatorOf(props.view)} beside />
          </A>{" "}
          <AlikeMark of={curatorOf(props.view)} />
        </Show>
      </p>
      <Show when={props.view.description}>
        {(text) => (
          <p class="isolate-text max-w-measure" dir="auto">
            {displayText(text())}
          </p>
        )}
      </Show>
      <Show when={props.view.state === "here"}>
        <div class="flex flex-wrap items-center gap-x-3 gap-y-2">
          <Show when={props.view.scope}>{(scope) => <ScopeChip scope={scope()} />}</Show>
          <Show when={postsIn(props.view) > 0}>
            <span>
              {t("feeds.curated.held", { held: number(props.view.held), count: number(postsIn(props.view)) })}
            </span>
          </Show>
          <Show when={props.view.updated}>
            {(time) => <span>{t("feeds.curated.updated", { time: ago(time(), now()) })}</span>}
          </Show>
          <Show when={props.view.kickbackRate > 0}>
            <span>{t("curated.share", { share: number(share()) })}</span>
          </Show>
        </div>
      </Show>
      <Show when={props.view.missingPages > 0}>
        <p>
          {t(props.view.missingPages === 1 ? "curated.missing_one" : "curated.missing_other", {
            count: number(props.view.missingPages),
          })}
        </p>
      </Show>
      <Show when={props.view.fork}>{(fork) => <Fork fork={fork()} />}</Show>
    </div>
  );
}

/** Entries that are not known to be feeds. */
function postsIn({ count, feeds }: CuratedView): number {
  return count - feeds.length;
}

/** Then what it holds is on screen, though there is no post. */
export function holdsOnlyFeeds(view: CuratedView | undefined): boolean {
  return view?.state === "here" && view.count > 0 && postsIn(view) === 0;
}

function Fork(props: { fork: CuratedForkView }): JSX.Element {
  const { t, moment, number } = useI18n();
  return (
    <div class="note grid gap-1" data-part="fork">
      <p>{t("feeds.curated.forked")}</p>
      <ul class="curated-fork">
        <li>{t("curated.fork.updated", { time: moment(props.fork.updated) })}</li>
        <li>
          {t("curated.fork.entries", {
            count: number(props.fork.count),
            there: number(props.fork.onlyThere),
            here: number(props.fork.onlyHere),
          })}
        </li>
        <Show when={props.fork.description}>
          {(text) => <li>{t("curated.fork.description", { text: `\u2068${displayText(text())}\u2069` })}</li>}
        </Show>
        <Show when={props.fork.page > 1}>
          <li>{t("curated.fork.page", { page: number(props.fork.page) })}</li>
        </Show>
      </ul>
      <ForkEntries entries={props.fork.differing} />
      <p>{t("curated.fork.until", { time: moment(props.fork.until) })}</p>
    </div>
  );
}

/** The feeds that this one holds, each with what its curator says of it here. */
export function HeldFeeds(props: { view: CuratedView }): JSX.Element {
  const { t } = useI18n();
  const [limit, setLimit] = createSignal(STEP);
  // By name: a card stays where it is, with the focus in it, when another version comes.
  const feeds = createMemo(() => new Map(props.view.feeds.map((held) => [held.postHash, held])));
  const shown = createMemo(() => [...feeds().keys()].slice(0, limit()));
  return (
    <Show when={feeds().size > 0}>
      <section class="curated-held" aria-labelledby="curated-held">
        <h2 id="curated-held" class="text-base">
          {t("curated.held")}
        </h2>
        <ul class="rows">
          <For each={shown()}>
            {(postHash) => (
              <Show when={feeds().get(postHash)}>
                {(held) => <CuratedCard card={held().feed} note={held().note} />}
              </Show>
            )}
          </For>
        </ul>
        <Show when={feeds().size > shown().length}>
          <button type="button" class="button mt-4" onClick={() => setLimit(limit() + STEP)}>
            {t("feed.more")}
          </button>
        </Show>
      </section>
    </Show>
  );
}
