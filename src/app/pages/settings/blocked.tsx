/** Whom this person has blocked, and the way to lift it. */
import { A } from "@solidjs/router";
import { For, type JSX, Show } from "solid-js";
import { BlockButton } from "../../components/block-button/index.tsx";
import { Mark } from "../../components/mark/index.tsx";
import { AlikeMark, PersonName } from "../../components/person/index.tsx";
import { UnreadableNote } from "../../components/unreadable-note/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { createLiveRows } from "../../state/live.ts";

export function Blocked(): JSX.Element {
  const { t } = useI18n();
  const { api } = useConnection();
  const blocked = createLiveRows(
    api,
    "blocked",
    () => ({}),
    (row) => row.id,
  );
  return (
    <section class="section" id="blocked">
      <h2>{t("block.title")}</h2>
      <p class="max-w-measure text-sm text-soft">{t("block.text")}</p>
      <UnreadableNote of={blocked} title={t("unreadable.list")} />
      <ul class="rows mt-3">
        <For
          each={blocked.rows()}
          fallback={
            <Show when={blocked.error() === undefined}>
              <li class="py-2 text-sm text-faint">{t("block.none")}</li>
            </Show>
          }
        >
          {(person) => (
            <li class="flex items-center justify-between gap-3 py-2" data-blocked={person.id}>
              <A class="link flex min-w-0 items-center gap-3" href={`/u/${person.id}`}>
                <span class="w-9 flex-none">
                  <Mark id={person.id} avatar={null} />
                </span>
                <span class="grid min-w-0 justify-items-start">
                  <span class="row-name chip-text">
                    <PersonName of={person} beside />
                  </span>
                  <AlikeMark of={person} plain />
                </span>
              </A>
              <span class="flex-none">
                <BlockButton person={person} blocked small />
              </span>
            </li>
          )}
        </For>
      </ul>
    </section>
  );
}
