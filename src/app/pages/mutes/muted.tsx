/** Everything that is muted now; many are lifted or kept for good at once. */
import { A } from "@solidjs/router";
import { createMemo, createSignal, For, type JSX, Show } from "solid-js";
import type { MuteView } from "../../../peer/api.ts";
import { AlikeMark } from "../../components/person/index.tsx";
import { titleOf } from "../../components/post-line/index.tsx";
import { UnreadableNote } from "../../components/unreadable-note/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useActions } from "../../state/actions.ts";
import { useConnection } from "../../state/connection.tsx";
import { createLiveValue } from "../../state/live.ts";
import { notify } from "../../state/notices.ts";
import { displayLine, shortId } from "../../text/display.ts";
import { personName } from "../../text/people.ts";
import { scopePath } from "../../text/scopes.ts";
import { inputOf, type Mutes } from "./rows.ts";
import { useMutesWords } from "./words.ts";

/** What is muted, as it is called; `w` has the words of this page. */
export function nameOfMute({ alike, name, target }: MuteView, w: ReturnType<typeof useMutesWords>["t"]): string {
  switch (target.kind) {
    case "person":
      return personName({ id: target.id, name, alike });
    case "word":
      return displayLine(target.word);
    case "scope":
      return scopePath(target.scope);
    case "thread":
      return shortId(target.post);
    case "kind":
      return w(`kind.${target.of}`);
  }
}

/** Rows that are drawn at once, with two stops of the Tab key in each; what is chosen is chosen of all. */
const PAGE = 50;

export function Muted(props: { mutes: Mutes }): JSX.Element {
  const { t, number } = useI18n();
  const { t: w } = useMutesWords();
  const { run } = useActions();
  let list!: HTMLUListElement;
  const [drawn, setDrawn] = createSignal(PAGE);
  const [chosen, setChosen] = createSignal<ReadonlySet<string>>(new Set());
  /** What is not there any more is not chosen any more. */
  const picked = createMemo(() => props.mutes.rows().filter(({ id }) => chosen().has(id)));
  function choose(id: string, on: boolean): void {
    setChosen((before) => {
      const next = new Set(before);
      if (on) next.add(id);
      else next.delete(id);
      return next;
    });
  }
  /** The button may go with the last of them: whoever walks by keys goes on where it stood. */
  function drawMore(): void {
    const next = drawn();
    setDrawn(next + PAGE);
    list.children[next]?.querySelector("input")?.focus();
  }
  const counted = (count: number, one: "removed_one" | "extended_one" | "chosen_one"): string =>
    w(count === 1 ? one : (one.replace("_one", "_other") as "removed_other"), { count: number(count) });
  async function act(
    rows: readonly MuteView[],
    change: "remove" | "extend",
    told: "removed_one" | "extended_one",
  ): Promise<void> {
    // The list has the latest first; muted again in this order they stand as they stood.
    const before = rows.toReversed().map(inputOf);
    const done = await run((peer) =>
      change === "remove"
        ? peer.unmute(rows.map(({ id }) => id))
        : peer.mute(before.map((mute) => ({ ...mute, until: null }))),
    );
    if (!done) return;
    setChosen(new Set<string>());
    notify(counted(before.length, told), { label: t("app.undo"), run: () => void run((peer) => peer.mute(before)) });
  }

  return (
    <section class="section">
      <h2>{w("list")}</h2>
      <UnreadableNote of={props.mutes} title={t("unreadable.list")} />
      <Show when={props.mutes.ready() && props.mutes.rows().length === 0}>
        <p class="text-sm text-faint">{w("none")}</p>
      </Show>
      <Show when={props.mutes.rows().length > 0}>
        <div class="mute-bar">
          <label class="check">
            <input
              type="checkbox"
              checked={picked().length === props.mutes.rows().length}
              onChange={(event) =>
                setChosen(new Set(event.currentTarget.checked ? props.mutes.rows().map(({ id }) => id) : []))
              }
            />
            {w("chooseAll")}
          </label>
          <Show when={picked().length > 0}>
            <span class="text-sm text-soft" role="status">
              {counted(picked().length, "chosen_one")}
            </span>
            <button
              type="button"
              class="button button-small"
              onClick={() => void act(picked(), "remove", "removed_one")}
            >
              {w("remove")}
            </button>
            <button
              type="button"
              class="button button-small"
              onClick={() => void act(picked(), "extend", "extended_one")}
            >
              {w("extend")}
            </button>
          </Show>
        </div>
        <ul ref={list} class="rows" data-part="muted">
          <For each={props.mutes.rows().slice(0, drawn())}>
            {(row) => (
              <Row
                row={row}
                chosen={chosen().has(row.id)}
                onChoose={(on) => choose(row.id, on)}
                onRemove={() => void act([row], "remove", "removed_one")}
              />
            )}
          </For>
        </ul>
        <Show when={props.mutes.rows().length > drawn()}>
          <button type="button" class="button button-small mt-3" onClick={drawMore}>
            {t("feed.more")}
          </button>
        </Show>
      </Show>
    </section>
  );
}

function Row(props: {
  row: MuteView;
  chosen: boolean;
  onChoose: (on: boolean) => void;
  onRemove: () => void;
}): JSX.Element {
  const { t, moment } = useI18n();
  const { t: w } = useMutesWords();
  const { api } = useConnection();
  const post = () => (props.row.target.kind === "thread" ? props.row.target.post : undefined);
  const thread = createMemo(() => {
    const hash = post();
    return hash === undefined ? undefined : { hash };
  });
  const live = createLiveValue(api, "envelope", () => thread());
  /** A conversation is known by how it begins; by its hash only where that is not here. */
  const name = () => {
    const envelope = live.value();
    return (envelope && titleOf(envelope)) || nameOfMute(props.row, w);
  };
  const what = () => {
    const { target } = props.row;
    return w(target.kind === "word" && !target.whole ? "list.part" : `list.${target.kind}`);
  };
  const details = () => {
    const { how, until } = props.row;
    return [
      what(),
      ...(how === "cover" ? [w("list.covered")] : []),
      ...(until === null ? [] : [w("list.until", { time: moment(until) })]),
    ].join(" · ");
  };
  return (
    <li class="mute-row" data-mute={props.row.id}>
      <label class="check">
        <input
          type="checkbox"
          aria-label={w("choose", { what: `\u2068${name()}\u2069` })}
          checked={props.chosen}
          onChange={(event) => props.onChoose(event.currentTarget.checked)}
        />
        <span class="grid min-w-0 grid-cols-1 py-1">
          <bdi class="row-name chip-text">{name()}</bdi>
          <span class="empty:hidden">
            <AlikeMark of={props.row} plain />
          </span>
          <span class="text-xs text-faint">{details()}</span>
        </span>
      </label>
      <Show when={post()}>
        {(hash) => (
          <A class="button button-small button-quiet" href={`/p/${hash()}`}>
            {t("defence.open")}
          </A>
        )}
      </Show>
      <button type="button" class="button button-small" onClick={() => props.onRemove()}>
        {t("mute.lift")}
      </button>
    </li>
  );
}
