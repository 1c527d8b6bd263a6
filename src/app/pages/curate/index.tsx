/** The feeds that a person curates: which, what is in them, and a new one. */
import { A, useNavigate } from "@solidjs/router";
import { createSignal, For, type JSX, Show } from "solid-js";
import type { CuratedInput } from "../../../peer/api.ts";
import { Icon } from "../../components/icon/index.tsx";
import { ListSkeleton } from "../../components/list-skeleton/index.tsx";
import { PageHead } from "../../components/page-head/index.tsx";
import { UnreadableNote } from "../../components/unreadable-note/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { now } from "../../state/clock.ts";
import { useConnection } from "../../state/connection.tsx";
import { createLiveRows } from "../../state/live.ts";
import { createTitle } from "../../state/title.ts";
import { curateHref } from "../../text/curated-links.ts";
import { displayLine } from "../../text/display.ts";
import { FeedFields } from "./fields.tsx";

export default function Curate(): JSX.Element {
  const { t, ago, number } = useI18n();
  const { api } = useConnection();
  const navigate = useNavigate();
  const live = createLiveRows(
    api,
    "ownCurated",
    () => ({}),
    (row) => row.name,
  );
  const [isMaking, setMaking] = createSignal(false);
  createTitle(() => t("curate.pages"));

  async function make(input: CuratedInput): Promise<void> {
    const made = await api()?.saveCurated(input);
    if (made) navigate(curateHref(made.name));
  }

  return (
    <>
      <PageHead title={t("curate.pages")} lead={t("curate.lead")} />
      <div class="page">
        <Show when={live.rows().length > 0}>
          <section class="section">
            <h2 class="visually-hidden">{t("curate.which")}</h2>
            <ul class="rows">
              <For each={live.rows()}>
                {(row) => (
                  <li class="curated-card">
                    <Icon name="curated" />
                    <div class="curated-card-text">
                      <A class="row-name" href={curateHref(row.name)}>
                        <bdi>{displayLine(row.name)}</bdi>
                      </A>
                      <p class="text-xs text-faint">
                        {t(row.count === 1 ? "curated.count_one" : "curated.count_other", { count: number(row.count) })}
                        {" · "}
                        {t("feeds.curated.updated", { time: ago(row.updated, now()) })}
                      </p>
                      <Show when={row.forked}>
                        <p class="text-sm text-soft">{t("curated.forked.short")}</p>
                      </Show>
                    </div>
                  </li>
                )}
              </For>
            </ul>
          </section>
        </Show>
        <Show when={live.error() === undefined} fallback={<UnreadableNote of={live} title={t("unreadable.curated")} />}>
          <Show when={!live.ready()}>
            <ListSkeleton label={t("reach.waiting")} />
          </Show>
        </Show>
        <section class="section">
          <Show when={live.ready() && live.rows().length === 0}>
            <p class="mb-4 max-w-measure text-soft">{t("curate.none")}</p>
          </Show>
          <Show
            when={isMaking()}
            fallback={
              <button type="button" class="button button-primary" onClick={() => setMaking(true)}>
                <Icon name="plus" small />
                {t("curate.new")}
              </button>
            }
          >
            <h2>{t("curate.new")}</h2>
            <FeedFields onSave={make} onCancel={() => setMaking(false)} />
          </Show>
        </section>
      </div>
    </>
  );
}
