/** What waited to be published and could not be read when it was its turn: to be saved as a file, or removed. */
import { createSignal, For, type JSX, Show } from "solid-js";
import type { DamagedArrival } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { useActions } from "../../state/actions.ts";
import { useConnection } from "../../state/connection.tsx";
import { createLiveRows } from "../../state/live.ts";
import { notify } from "../../state/notices.ts";
import { displayLine } from "../../text/display.ts";
import { useArriveWords } from "./words.ts";

/** Browsers read the file after the click has returned. */
const READ_BY = 60_000;

export function Damaged(): JSX.Element {
  const { t } = useArriveWords();
  const { number } = useI18n();
  const { api } = useConnection();
  const live = createLiveRows(
    api,
    "damagedArrivals",
    () => ({}),
    (row) => row.id,
  );
  return (
    <Show when={live.rows().length > 0}>
      <section class="section grid gap-2" data-part="damaged">
        <h2>
          {t(live.rows().length === 1 ? "damaged.title_one" : "damaged.title_other", {
            count: number(live.rows().length),
          })}
        </h2>
        <p class="max-w-measure text-sm text-soft">{t("damaged.text")}</p>
        <ul class="rows">
          <For each={live.rows()}>{(one) => <Row one={one} />}</For>
        </ul>
      </section>
    </Show>
  );
}

function Row(props: { one: DamagedArrival }): JSX.Element {
  const { t } = useArriveWords();
  const { moment, t: common } = useI18n();
  const { run } = useActions();
  const [isSure, setSure] = createSignal(false);

  async function save(): Promise<void> {
    let file: Blob | undefined;
    const { id, noticed } = props.one;
    if (!(await run(async (peer) => (file = await peer.damagedArrival(id)))) || file === undefined) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = `mehr-post-${noticed === null ? "old" : new Date(noticed).toISOString().slice(0, 10)}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), READ_BY);
  }

  async function remove(): Promise<void> {
    const { id } = props.one;
    if (await run((peer) => peer.dropDamagedArrival(id))) notify(t("damaged.removed"));
  }

  return (
    <li class="grid gap-2 py-3">
      <p class="row-name isolate-text" dir="auto">
        {displayLine(props.one.words) || t("damaged.wordless")}
      </p>
      <Show when={props.one.noticed}>
        {(time) => <p class="text-xs text-faint">{t("damaged.noticed", { when: moment(time()) })}</p>}
      </Show>
      <div class="flex flex-wrap gap-2">
        <button type="button" class="button button-small" onClick={() => void save()}>
          {t("damaged.save")}
        </button>
        {/* Nobody else has it. */}
        <Show
          when={isSure()}
          fallback={
            <button type="button" class="button button-small" onClick={() => setSure(true)}>
              {t("damaged.remove")}
            </button>
          }
        >
          <button type="button" class="button button-small button-danger" onClick={() => void remove()}>
            {t("damaged.sure")}
          </button>
          <button type="button" class="button button-small button-quiet" onClick={() => setSure(false)}>
            {common("app.cancel")}
          </button>
        </Show>
      </div>
    </li>
  );
}
