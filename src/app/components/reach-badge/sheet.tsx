/** Where a post is heard beyond its start, and on whose word. */
import { A } from "@solidjs/router";
import { createMemo, For, type JSX, Show } from "solid-js";
import type { InclusionView, ReachStepView, ReachView, VoucherView } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { now } from "../../state/clock.ts";
import { useConnection } from "../../state/connection.tsx";
import { createLiveRows, createLiveValue } from "../../state/live.ts";
import { curatedHref } from "../../text/curated-links.ts";
import { displayLine, displayText } from "../../text/display.ts";
import { curatorOf, isolatedName } from "../../text/people.ts";
import { scopePath } from "../../text/scopes.ts";
import { trustedNames } from "../../text/trusted-names.ts";
import { AlikeMark } from "../person/index.tsx";
import { ScopeChip } from "../scope-chip/index.tsx";
import { UnreadableNote } from "../unreadable-note/index.tsx";

/** What carried it has ended by then, if anything had. */
const DAY = 86_400_000;
/** Isolated, so that a name in another direction does not turn the sentence. */
const isolated = (text: string): string => `\u2068${text}\u2069`;

export default function ReachSheet(props: { hash: string; created: number }): JSX.Element {
  const { number, t } = useI18n();
  const { api } = useConnection();
  const query = createMemo(() => ({ hash: props.hash }));
  const live = createLiveValue(api, "reach", () => query());
  return (
    <Show
      when={live.value()}
      fallback={
        <Show when={live.error() === undefined} fallback={<UnreadableNote of={live} title={t("unreadable.reach")} />}>
          <p role="status">{t("reach.waiting")}</p>
        </Show>
      }
    >
      {(reach) => (
        <div class="reach-sheet">
          <Start reach={reach()} />
          <Show when={reach().steps.length > 0} fallback={<Nothing reach={reach()} created={props.created} />}>
            <ol class="reach-steps">
              <For each={reach().steps}>{(step) => <Step step={step} />}</For>
            </ol>
            <p class="text-sm text-soft">{t("reach.checked")}</p>
          </Show>
          <Boosts reach={reach()} />
          <Chosen hash={props.hash} reach={reach()} />
          <Show when={reach().readers > 0}>
            <p>
              {t(reach().readers === 1 ? "reach.readers_one" : "reach.readers_other", {
                count: number(reach().readers),
              })}
            </p>
          </Show>
        </div>
      )}
    </Show>
  );
}

function Start(props: { reach: ReachView }): JSX.Element {
  const { t } = useI18n();
  return (
    <p>
      <Show when={props.reach.kind === "place" && props.reach.start} fallback={t(`reach.start.${kindOf(props.reach)}`)}>
        {(start) => t("reach.start.place", { place: isolated(scopePath(start())) })}
      </Show>
    </p>
  );
}

function kindOf({ kind }: ReachView): "home" | "trusted" {
  return kind === "trusted" ? "trusted" : "home";
}

function Nothing(props: { reach: ReachView; created: number }): JSX.Element {
  const { t } = useI18n();
  return (
    <Show when={props.reach.kind !== "trusted"}>
      <p>{t(now() - props.created > DAY ? "reach.over" : "reach.none")}</p>
    </Show>
  );
}

function Step(props: { step: ReachStepView }): JSX.Element {
  const { ago, list, moment, number, t } = useI18n();
  const nameOf = (voucher: VoucherView): string => (voucher.own ? t("reach.you") : isolatedName(voucher));
  const why = (): string => {
    const { count, evidence, who } = props.step;
    if (evidence === "receipts") return t("reach.why.receipts", { count: number(count) });
    return t(evidence === "boost" ? "reach.why.boost" : "reach.why.curation", { name: list(who.map(nameOf)) });
  };
  /** Of readers there is a number alone. */
  const named = (): readonly VoucherView[] => {
    const { evidence, issuer, who } = props.step;
    return evidence === "receipts" ? [issuer] : [...who.filter(({ id }) => id !== issuer.id), issuer];
  };
  return (
    <li>
      <p class="reach-where">
        <span>{t(`reach.level.${props.step.level}`)}</span>
        <ScopeChip scope={props.step.scope} plain />
      </p>
      <p>{why()}</p>
      <p class="text-sm text-soft">
        {t("reach.relayed", {
          name: nameOf(props.step.issuer),
          ago: ago(props.step.since, now()),
          until: moment(props.step.until),
        })}
      </p>
      <p class="flex flex-wrap gap-2 empty:hidden">
        <For each={named()}>{(person) => <AlikeMark of={person} />}</For>
      </p>
    </li>
  );
}

function Boosts(props: { reach: ReachView }): JSX.Element {
  const { list, number, t } = useI18n();
  const people = (): string =>
    t(props.reach.boosts === 1 ? "reach.boosted.people_one" : "reach.boosted.people_other", {
      count: number(props.reach.boosts),
    });
  const trusted = (): string => {
    const { trustedBoosters, trustedBoosts } = props.reach;
    const { more, names } = trustedNames(trustedBoosters, trustedBoosts);
    const rest = t(more === 1 ? "reach.boosted.more_one" : "reach.boosted.more_other", { count: number(more) });
    return t(trustedBoosts === 1 ? "reach.boosted.trusted_one" : "reach.boosted.trusted_other", {
      names: list(more === 0 ? names : [...names, rest]),
    });
  };
  return (
    <Show when={props.reach.boosts > 0}>
      <p>
        <Show when={props.reach.trustedBoosts > 0}>{trusted()} </Show>
        <Show when={props.reach.boosts > props.reach.trustedBoosts}>{people()}</Show>
      </p>
    </Show>
  );
}

/** Who has chosen it, with what they say of it: among the curated feeds that are kept here. */
function Chosen(props: { hash: string; reach: ReachView }): JSX.Element {
  const { number, t } = useI18n();
  const { api } = useConnection();
  const query = createMemo(() => ({ hash: props.hash }));
  const live = createLiveRows(
    api,
    "inclusions",
    () => query(),
    (row) => `${row.curator} ${row.feed}`,
  );
  const nameOf = (row: InclusionView): string => {
    const feed = isolated(displayLine(row.feed));
    if (row.own) return t("reach.chosenByYou", { feed });
    return t("reach.chosenBy", { name: isolatedName(curatorOf(row)), feed });
  };
  return (
    <Show when={live.rows().length > 0}>
      <div class="grid gap-2">
        <p>
          {t(props.reach.curators === 1 ? "reach.curated_one" : "reach.curated_other", {
            count: number(props.reach.curators),
          })}
        </p>
        <ul class="reach-steps">
          <For each={live.rows()}>
            {(row) => (
              <li>
                <A class="link" href={curatedHref({ curator: row.curator, name: row.feed })}>
                  {nameOf(row)}
                </A>
                <p class="empty:hidden">
                  <AlikeMark of={curatorOf(row)} />
                </p>
                <Show when={row.note}>
                  {(note) => (
                    <p class="isolate-text" dir="auto">
                      {displayText(note())}
                    </p>
                  )}
                </Show>
              </li>
            )}
          </For>
        </ul>
      </div>
    </Show>
  );
}
