/** Whose posts were not worth it, and whose word is believed less. */
import { A } from "@solidjs/router";
import { For, type JSX, Show } from "solid-js";
import type { DoubtedView, FlaggedView, PersonView } from "../../../peer/api.ts";
import { Mark } from "../../components/mark/index.tsx";
import { AlikeMark, PersonName } from "../../components/person/index.tsx";
import { UnreadableNote } from "../../components/unreadable-note/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useActions } from "../../state/actions.ts";
import { useConnection } from "../../state/connection.tsx";
import { createLiveRows } from "../../state/live.ts";
import { notify } from "../../state/notices.ts";
import { isolatedName } from "../../text/people.ts";
import { useMutesWords } from "./words.ts";

function Person(props: { of: PersonView; detail: string; children: JSX.Element }): JSX.Element {
  return (
    <li class="flex items-center justify-between gap-3 py-2" data-person={props.of.id}>
      <A class="link flex min-w-0 items-center gap-3" href={`/u/${props.of.id}`}>
        <span class="w-9 flex-none">
          <Mark id={props.of.id} avatar={null} />
        </span>
        <span class="grid min-w-0 justify-items-start">
          <span class="row-name chip-text">
            <PersonName of={props.of} beside />
          </span>
          <AlikeMark of={props.of} plain />
          <span class="text-xs text-faint">{props.detail}</span>
        </span>
      </A>
      <span class="flex-none">{props.children}</span>
    </li>
  );
}

export function Judged(): JSX.Element {
  const { t, number } = useI18n();
  const { t: w } = useMutesWords();
  const { api } = useConnection();
  const { run } = useActions();
  const flagged = createLiveRows(
    api,
    "flagged",
    () => ({}),
    (row: FlaggedView) => row.id,
  );
  async function lift(person: FlaggedView): Promise<void> {
    const { id, posts } = person;
    const judged = [...posts];
    if (!(await run((peer) => peer.worthIt(id)))) return;
    notify(t("flag.undone", { name: isolatedName(person) }), {
      label: t("app.undo"),
      run: () =>
        void run(async (peer) => {
          for (const post of judged) await peer.notWorthIt(post);
        }),
    });
  }
  return (
    <section class="section" id="judged">
      <h2>{w("judged")}</h2>
      <p class="max-w-measure text-sm text-soft">{w("judged.text")}</p>
      <UnreadableNote of={flagged} title={t("unreadable.list")} />
      <ul class="rows mt-3">
        <For
          each={flagged.rows()}
          fallback={
            <Show when={flagged.error() === undefined}>
              <li class="py-2 text-sm text-faint">{w("judged.none")}</li>
            </Show>
          }
        >
          {(row) => (
            <Person
              of={row}
              detail={t(row.posts.length === 1 ? "flag.mark_one" : "flag.mark_other", {
                count: number(row.posts.length),
              })}
            >
              <button type="button" class="button button-small" onClick={() => void lift(row)}>
                {t("flag.lift")}
              </button>
            </Person>
          )}
        </For>
      </ul>
    </section>
  );
}

export function Doubted(): JSX.Element {
  const { t, number } = useI18n();
  const { t: w } = useMutesWords();
  const { api } = useConnection();
  const { run } = useActions();
  const doubted = createLiveRows(
    api,
    "doubted",
    () => ({}),
    (row: DoubtedView) => row.id,
  );
  async function believe(person: DoubtedView): Promise<void> {
    if (await run((peer) => peer.believe(person.id))) {
      notify(w("believed", { name: isolatedName(person) }));
    }
  }
  return (
    <section class="section" id="doubted">
      <h2>{w("doubted")}</h2>
      <p class="max-w-measure text-sm text-soft">{w("doubted.text")}</p>
      <UnreadableNote of={doubted} title={t("unreadable.list")} />
      <ul class="rows mt-3">
        <For
          each={doubted.rows()}
          fallback={
            <Show when={doubted.error() === undefined}>
              <li class="py-2 text-sm text-faint">{w("doubted.none")}</li>
            </Show>
          }
        >
          {(row) => (
            <Person
              of={row}
              detail={w(row.causes.length === 1 ? "doubted.count_one" : "doubted.count_other", {
                count: number(row.causes.length),
              })}
            >
              <button type="button" class="button button-small" onClick={() => void believe(row)}>
                {w("believe")}
              </button>
            </Person>
          )}
        </For>
      </ul>
    </section>
  );
}
