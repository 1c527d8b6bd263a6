/** Where a post is heard beyond its start, and on whose word. */
import { createMemo, For, type JSX, Show } from "solid-js";
import type { ReachStepView, ReachView, VoucherView } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { now } from "../../state/clock.ts";
import { useConnection } from "../../state/connection.tsx";
import { createLiveValue } from "../../state/live.ts";
import { scopePath } from "../../text/scopes.ts";
import { personName } from "../person/index.tsx";
import { ScopeChip } from "../scope-chip/index.tsx";

/** What carried it has ended by then, if anything had. */
const DAY = 86_400_000;
/** Isolated, so that a name in another direction does not turn the sentence. */
const isolated = (text: string): string => `\u2068${text}\u2069`;

export default function ReachSheet(props: { hash: string; created: number }): JSX.Element {
  const { t } = useI18n();
  const { api } = useConnection();
  const query = createMemo(() => ({ hash: props.hash }));
  const live = createLiveValue(api, "reach", () => query());
  return (
    <Show when={live.value()} fallback={<p role="status">{t("reach.waiting")}</p>}>
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
  const nameOf = (voucher: VoucherView): string =>
    voucher.own ? t("reach.you") : isolated(personName(voucher.id, voucher.name));
  const why = (): string => {
    const { count, evidence, who } = props.step;
    if (evidence === "receipts") return t("reach.why.receipts", { count: number(count) });
    return t(evidence === "boost" ? "reach.why.boost" : "reach.why.curation", { name: list(who.map(nameOf)) });
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
    </li>
  );
}

function Boosts(props: { reach: ReachView }): JSX.Element {
  const { number, t } = useI18n();
  const people = (): string =>
    t(props.reach.boosts === 1 ? "reach.boosted.people_one" : "reach.boosted.people_other", {
      count: number(props.reach.boosts),
    });
  const trusted = (): string =>
    t(props.reach.trustedBoosts === 1 ? "reach.boosted.trusted_one" : "reach.boosted.trusted_other", {
      count: number(props.reach.trustedBoosts),
    });
  return (
    <Show when={props.reach.boosts > 0}>
      <p>
        {people()}
        <Show when={props.reach.trustedBoosts > 0}> {trusted()}</Show>
      </p>
    </Show>
  );
}
