/** Who and what is called so: the shortest way there, above the posts. */
import { A } from "@solidjs/router";
import { createEffect, createMemo, For, type JSX, Match, onCleanup, Show, Switch } from "solid-js";
import type { NamedView } from "../../../peer/api.ts";
import { Icon } from "../../components/icon/index.tsx";
import { Mark } from "../../components/mark/index.tsx";
import { AlikeMark, PersonName } from "../../components/person/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { createLiveRows } from "../../state/live.ts";
import { curatedHref } from "../../text/curated-links.ts";
import { displayLine, shortId } from "../../text/display.ts";
import { curatorOf, isolatedName } from "../../text/people.ts";
import { kindOf, scopeHref, scopePath } from "../../text/scopes.ts";

type Of<Kind extends NamedView["kind"]> = Extract<NamedView, { readonly kind: Kind }>;

/** Half a screen of a phone would be too much: what was written is what most look for. */
const FIRST = 4;

export function Named(props: { text: string; onCount: (count: number) => void }): JSX.Element {
  const { t, number } = useI18n();
  const { api } = useConnection();
  // Filters are not for names: another one is no other question.
  const text = createMemo(() => props.text);
  const asked = createMemo(() => ({ text: text(), limit: FIRST }));
  const named = createLiveRows(
    api,
    "named",
    () => asked(),
    (row) => row.key,
  );
  const count = () => named.rows().length;
  createEffect(() => props.onCount(count()));
  onCleanup(() => props.onCount(0));
  let list!: HTMLUListElement;
  async function more(): Promise<void> {
    const before = count();
    await named.more();
    // The button goes with the last of them, and would take the focus with it.
    if (!named.hasMore()) list.children[before]?.querySelector("a")?.focus();
  }
  return (
    <>
      <p class="visually-hidden" role="status">
        <Show when={count() > 0}>
          {t(count() === 1 ? "search.named.found_one" : "search.named.found_other", { count: number(count()) })}
        </Show>
      </p>
      <Show when={count() > 0}>
        <section class="search-named" aria-labelledby="search-named">
          <h2 id="search-named" class="visually-hidden">
            {t("search.named")}
          </h2>
          <ul ref={list}>
            <For each={named.rows()}>{(row) => <Row named={row} />}</For>
          </ul>
          <Show when={named.hasMore()}>
            <button type="button" class="button button-small" onClick={() => void more()}>
              {t("search.named.more")}
            </button>
          </Show>
        </section>
      </Show>
    </>
  );
}

function Row(props: { named: NamedView }): JSX.Element {
  const of = <Kind extends NamedView["kind"]>(kind: Kind) =>
    props.named.kind === kind ? (props.named as Of<Kind>) : undefined;
  return (
    <li data-named={props.named.kind}>
      <Switch>
        <Match when={of("person")}>{(person) => <PersonRow person={person()} />}</Match>
        <Match when={of("feed")}>{(feed) => <FeedRow feed={feed()} />}</Match>
        <Match when={of("scope")}>{(scope) => <ScopeRow scope={scope()} />}</Match>
      </Switch>
    </li>
  );
}

function PersonRow(props: { person: Of<"person"> }): JSX.Element {
  const { t } = useI18n();
  return (
    <>
      <Mark id={props.person.id} avatar={props.person.avatar} />
      <div>
        <A class="row-name" href={`/u/${props.person.id}`}>
          <PersonName of={props.person} beside />
        </A>
        <p class="text-xs text-faint">
          {t("search.named.person")}
          {" · "}
          <bdi dir="ltr">{shortId(props.person.id)}</bdi>
        </p>
        <AlikeMark of={props.person} />
      </div>
    </>
  );
}

function FeedRow(props: { feed: Of<"feed"> }): JSX.Element {
  const { t } = useI18n();
  return (
    <>
      <Icon name="curated" />
      <div>
        <A class="row-name" href={curatedHref(props.feed)}>
          <bdi>{displayLine(props.feed.name)}</bdi>
        </A>
        <p class="text-xs text-faint">{t("search.named.feed", { name: isolatedName(curatorOf(props.feed)) })}</p>
        <AlikeMark of={curatorOf(props.feed)} />
      </div>
    </>
  );
}

function ScopeRow(props: { scope: Of<"scope"> }): JSX.Element {
  const { t, number } = useI18n();
  const isPlace = () => kindOf(props.scope.scope) === "geo";
  return (
    <>
      <Icon name={isPlace() ? "place" : "topic"} />
      <div>
        <A class="row-name" href={scopeHref(props.scope.scope)}>
          <bdi>{scopePath(props.scope.scope)}</bdi>
        </A>
        <p class="text-xs text-faint">
          {t(isPlace() ? "search.named.place" : "search.named.topic")}
          {" · "}
          {t(props.scope.envelopes === 1 ? "search.named.count_one" : "search.named.count_other", {
            count: number(props.scope.envelopes),
          })}
        </p>
      </div>
    </>
  );
}
