/** The self-check: a button, and each result as it comes, with what can be done about it. */
import { createMemo, For, type JSX, Show } from "solid-js";
import { Icon } from "../../components/icon/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { directionOf } from "../../i18n/language.ts";
import { useDiagnosticsWords } from "./words.ts";
import { type Finding, type StepOutcome, worstOf } from "./finding.ts";
import type { SelfCheck } from "./self-check.ts";
import { type Speech, whatIs, whatToDo } from "./sentences.ts";

function Result(props: { finding: Finding; speech: Speech }): JSX.Element {
  const { language } = useI18n();
  const { t } = useDiagnosticsWords();
  return (
    <li class="check-finding" data-state={props.finding.state} data-code={props.finding.code}>
      <span class="check-mark">
        <Icon
          name={props.finding.state === "ok" ? "check" : props.finding.state === "warning" ? "clock" : "close"}
          small
        />
      </span>
      <div>
        <p>
          <span class="visually-hidden">{t(`check.state.${props.finding.state}`)}: </span>
          {/* Said to be of this language: one that begins with an address would turn to the direction of that. */}
          <bdi dir={directionOf(language())}>{whatIs(props.finding, props.speech)}</bdi>
        </p>
        <Show when={whatToDo(props.finding, props.speech)}>{(advice) => <p class="text-soft">{advice()}</p>}</Show>
      </div>
    </li>
  );
}

function Step(props: { outcome: StepOutcome; speech: Speech }): JSX.Element {
  const { t } = useDiagnosticsWords();
  return (
    <Show when={!props.outcome.done || props.outcome.findings.length > 0}>
      <li class="check-step" data-step={props.outcome.step}>
        <h3>{t(`step.${props.outcome.step}`)}</h3>
        <Show when={props.outcome.done} fallback={<p class="text-sm text-faint">{t("check.waiting")}</p>}>
          <ul class="grid gap-2 text-sm">
            <For each={props.outcome.findings}>{(finding) => <Result finding={finding} speech={props.speech} />}</For>
          </ul>
        </Show>
      </li>
    </Show>
  );
}

export function CheckSection(props: { check: SelfCheck; relays: readonly string[] }): JSX.Element {
  const { number, bytes, duration } = useI18n();
  const { t, has } = useDiagnosticsWords();
  const speech: Speech = {
    t,
    has,
    formats: { number, bytes, duration },
    relay: (place) => props.relays[place - 1] ?? t("relay.name", { place: number(place) }),
  };
  const verdict = createMemo(() => worstOf(props.check.outcomes().flatMap(({ findings }) => findings)));
  const summary = () => {
    if (props.check.running()) return t("check.running");
    return props.check.checkedAt() === null ? "" : t(`check.done.${verdict()}`);
  };
  return (
    <section class="section" aria-labelledby="check-title">
      <h2 id="check-title">{t("check.title")}</h2>
      <p class="max-w-measure text-sm text-soft">{t("check.text")}</p>
      <div class="mt-4 flex flex-wrap items-center gap-3">
        <Show
          when={!props.check.running()}
          fallback={
            <button type="button" class="button" onClick={() => props.check.stop()}>
              {t("check.stop")}
            </button>
          }
        >
          <button type="button" class="button button-primary" onClick={() => props.check.start()}>
            {t(props.check.checkedAt() === null ? "check.start" : "check.again")}
          </button>
        </Show>
        <p class="text-sm" role="status" data-verdict={props.check.checkedAt() === null ? undefined : verdict()}>
          {summary()}
        </p>
      </div>
      <Show when={props.check.outcomes().length > 0}>
        <ul class="mt-4 grid gap-4">
          <For each={props.check.outcomes()}>{(outcome) => <Step outcome={outcome} speech={speech} />}</For>
        </ul>
      </Show>
    </section>
  );
}
