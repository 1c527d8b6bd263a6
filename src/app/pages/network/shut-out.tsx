/** Who is shut out and why, what was noticed lately, and what was refused: each code in plain words. */
import { A } from "@solidjs/router";
import { createMemo, For, type JSX, Show } from "solid-js";
import type { MisdeedView, NetworkView, ShutOutView } from "../../../peer/api.ts";
import { BlockButton } from "../../components/block-button/index.tsx";
import { PersonName } from "../../components/person/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useActions } from "../../state/actions.ts";
import { now } from "../../state/clock.ts";
import { notify } from "../../state/notices.ts";
import { isolatedName, linkedOf, type Named } from "../../text/people.ts";
import { reasonKey } from "../../text/reasons.ts";

function Peer(props: { of: Named }): JSX.Element {
  return (
    <A class="link" href={`/u/${props.of.id}`}>
      <PersonName of={props.of} />
    </A>
  );
}

function Reason(props: { code: string }): JSX.Element {
  const { t } = useI18n();
  return <span title={t("reason.code", { code: props.code })}>{t(reasonKey(props.code))}</span>;
}

function LetIn(props: { peer: ShutOutView }): JSX.Element {
  const { t } = useI18n();
  const { run } = useActions();
  async function pardon(): Promise<void> {
    const person = linkedOf(props.peer);
    if (!(await run((api) => api.pardon(person.id)))) return;
    notify(t("shutOut.letIn.done", { name: isolatedName(person) }));
  }
  return (
    <button type="button" class="button button-small" onClick={() => void pardon()}>
      {t("shutOut.letIn")}
    </button>
  );
}

export function ShutOut(props: { network: NetworkView }): JSX.Element {
  const { t, moment, number } = useI18n();
  return (
    <section class="section">
      <h2>{t("shutOut.title")}</h2>
      <p class="max-w-measure text-sm text-soft">{t("shutOut.text")}</p>
      <Show
        when={props.network.shutOut.length > 0}
        fallback={<p class="mt-3 text-sm text-faint">{t("shutOut.none")}</p>}
      >
        <ul class="rows mt-3">
          <For each={props.network.shutOut}>
            {(peer) => (
              <li class="grid gap-2 py-3 text-sm" data-shut-out={peer.peer} data-code={peer.code}>
                <p class="max-w-measure">
                  <Peer of={linkedOf(peer)} /> <Reason code={peer.code} />
                </p>
                <p class="text-faint">
                  {t("shutOut.until", { time: moment(peer.until) })}
                  <Show when={peer.times > 1}> · {t("shutOut.times", { count: number(peer.times) })}</Show>
                </p>
                <div class="flex flex-wrap gap-2">
                  <LetIn peer={peer} />
                  <BlockButton person={linkedOf(peer)} blocked={false} small />
                </div>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <Noticed misdeeds={props.network.misdeeds} />
    </section>
  );
}

function Noticed(props: { misdeeds: readonly MisdeedView[] }): JSX.Element {
  const { t, ago, number } = useI18n();
  return (
    <Show when={props.misdeeds.length > 0}>
      <h3 class="mt-6">{t("shutOut.noticed")}</h3>
      <p class="max-w-measure text-sm text-soft">{t("shutOut.noticed.text")}</p>
      <ul class="rows mt-3">
        <For each={props.misdeeds}>
          {(misdeed) => (
            <li class="flex flex-wrap justify-between gap-x-4 py-2 text-sm" data-misdeed={misdeed.code}>
              <span class="max-w-measure min-w-0">
                <Peer of={linkedOf(misdeed)} /> <Reason code={misdeed.code} />
              </span>
              <span class="text-faint">
                {t(misdeed.count === 1 ? "shutOut.count_one" : "shutOut.count_other", {
                  count: number(misdeed.count),
                })}
                {" · "}
                {ago(misdeed.at, now())}
              </span>
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}

export function Refused(props: { network: NetworkView }): JSX.Element {
  const { t, number } = useI18n();
  const entries = createMemo(() => Object.entries(props.network.refused).sort((a, b) => b[1] - a[1]));
  return (
    <section class="section">
      <h2>{t("network.refused")}</h2>
      <p class="max-w-measure text-sm text-soft">{t("network.refused.text")}</p>
      <Show when={entries().length > 0} fallback={<p class="mt-3 text-sm text-faint">{t("network.refused.none")}</p>}>
        <ul class="rows mt-3">
          <For each={entries()}>
            {([code, count]) => (
              <li class="flex justify-between gap-4 py-2 text-sm" data-refused={code}>
                <span class="max-w-measure min-w-0">
                  <Reason code={code} />
                </span>
                <span class="flex-none text-faint">{number(count)}</span>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </section>
  );
}
