/** What a search is narrowed down by: chips of what was chosen, and one field at a time to choose another. */
import { createSignal, createUniqueId, For, type JSX, Match, Show, Switch } from "solid-js";
import { Icon, type IconName } from "../../components/icon/index.tsx";
import { ScopeField } from "../../components/scope-field/index.tsx";
import { type Messages, useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { createLiveValue } from "../../state/live.ts";
import { CONTENT_KINDS } from "../../text/content-kinds.ts";
import { nameless, ownerOf, personName } from "../../text/people.ts";
import { kindOf, scopePath } from "../../text/scopes.ts";
import { dayOf, isDay, NOTHING, queryOf, type Sought } from "./address.ts";
import { PersonField } from "./person-field.tsx";

type Part = "person" | "place" | "topic" | "kind" | "time";

const PARTS: readonly { readonly part: Part; readonly icon: IconName }[] = [
  { part: "person", icon: "person" },
  { part: "place", icon: "place" },
  { part: "topic", icon: "topic" },
  { part: "kind", icon: "mix" },
  { part: "time", icon: "clock" },
];

/** Days back from today that are a press away. */
const SPANS = [
  { words: "search.time.day", days: 1 },
  { words: "search.time.week", days: 7 },
  { words: "search.time.month", days: 30 },
  { words: "search.time.year", days: 365 },
] as const satisfies readonly { readonly words: keyof Messages; readonly days: number }[];
const DAY_MS = 86_400_000;

/** The name of somebody, as it is known here. */
export function createName(author: () => string | null): () => string {
  const { api } = useConnection();
  const profile = createLiveValue(api, "profile", () => {
    const id = author();
    return id === null ? undefined : { id };
  });
  return () => {
    const known = profile.value();
    return personName(known ? ownerOf(known) : nameless(author() ?? ""));
  };
}

function Chosen(props: { icon: IconName; label: string; onRemove: () => void }): JSX.Element {
  const { t } = useI18n();
  return (
    <span class="chip search-chip">
      <Icon name={props.icon} small />
      <bdi class="chip-text">{props.label}</bdi>
      <button
        type="button"
        class="chip-remove"
        aria-label={t("search.filter.remove", { name: `\u2068${props.label}\u2069` })}
        onClick={() => props.onRemove()}
      >
        <Icon name="close" small />
      </button>
    </span>
  );
}

export function Filters(props: { sought: Sought; onChange: (patch: Partial<Sought>) => void }): JSX.Element {
  const { t, language } = useI18n();
  const date = (time: number): string => new Intl.DateTimeFormat(language(), { dateStyle: "medium" }).format(time);
  const [open, setOpen] = createSignal<Part | null>(null);
  const panelId = createUniqueId();
  const name = createName(() => props.sought.author);
  /** What was pressed goes from the page with this; the focus goes to where the same can be chosen anew. */
  const change = (part: Part, patch: Partial<Sought>): void => {
    setOpen(null);
    props.onChange(patch);
    document.getElementById(`${panelId}-${part}`)?.focus();
  };
  const partOf = (scope: string): Part => (kindOf(scope) === "geo" ? "place" : "topic");
  const scopeOf = (kind: "geo" | "topic"): readonly string[] => {
    const { scope } = props.sought;
    return scope !== null && kindOf(scope) === kind ? [scope] : [];
  };
  const days = () => {
    const { since, until } = queryOf({ ...NOTHING, from: props.sought.from, to: props.sought.to }) ?? {};
    const from = since === undefined ? "" : date(since);
    const to = until === undefined ? "" : date(until);
    if (from !== "" && to !== "") return t("search.time.between", { from, to });
    return from === "" ? t("search.time.until", { to }) : t("search.time.since", { from });
  };
  const place = (kind: "geo" | "topic"): JSX.Element => (
    <ScopeField
      kind={kind}
      label={t(kind === "geo" ? "search.place.label" : "search.topic.label")}
      hint={t("search.scope.hint")}
      values={scopeOf(kind)}
      most={1}
      onChange={([scope = null]) => change(kind === "geo" ? "place" : "topic", { scope })}
    />
  );

  return (
    <div class="search-filters">
      <div class="search-chips" role="group" aria-label={t("search.filters")}>
        <Show when={props.sought.author}>
          <Chosen icon="person" label={name()} onRemove={() => change("person", { author: null })} />
        </Show>
        <Show when={props.sought.scope}>
          {(scope) => (
            <Chosen
              icon={partOf(scope()) === "place" ? "place" : "topic"}
              label={scopePath(scope())}
              onRemove={() => change(partOf(scope()), { scope: null })}
            />
          )}
        </Show>
        <Show when={props.sought.kind}>
          {(kind) => <Chosen icon="mix" label={t(`kind.${kind()}`)} onRemove={() => change("kind", { kind: null })} />}
        </Show>
        <Show when={props.sought.from ?? props.sought.to}>
          <Chosen icon="clock" label={days()} onRemove={() => change("time", { from: null, to: null })} />
        </Show>
        <For each={PARTS}>
          {({ icon, part }) => (
            <button
              id={`${panelId}-${part}`}
              type="button"
              class="button button-small search-part"
              aria-expanded={open() === part}
              aria-controls={panelId}
              onClick={() => setOpen(open() === part ? null : part)}
            >
              <Icon name={icon} small />
              {t(`search.part.${part}`)}
            </button>
          )}
        </For>
      </div>
      <div id={panelId} class="search-panel" hidden={open() === null}>
        <Switch>
          <Match when={open() === "person"}>
            <PersonField onChoose={(author) => change("person", { author })} />
          </Match>
          <Match when={open() === "place"}>{place("geo")}</Match>
          <Match when={open() === "topic"}>{place("topic")}</Match>
          <Match when={open() === "kind"}>
            <KindChoice kind={props.sought.kind} onChoose={(kind) => change("kind", { kind })} />
          </Match>
          <Match when={open() === "time"}>
            <TimeChoice sought={props.sought} onChange={(patch) => props.onChange(patch)} />
          </Match>
        </Switch>
      </div>
    </div>
  );
}

function KindChoice(props: { kind: Sought["kind"]; onChoose: (kind: Sought["kind"]) => void }): JSX.Element {
  const { t } = useI18n();
  const id = createUniqueId();
  return (
    <div role="group" aria-labelledby={id}>
      <p id={id} class="field-label">
        {t("search.kind.label")}
      </p>
      <div class="choices">
        <For each={CONTENT_KINDS}>
          {(kind) => (
            <button
              type="button"
              class="button button-small"
              aria-pressed={props.kind === kind}
              onClick={() => props.onChoose(props.kind === kind ? null : kind)}
            >
              {t(`kind.${kind}`)}
            </button>
          )}
        </For>
      </div>
    </div>
  );
}

function TimeChoice(props: { sought: Sought; onChange: (patch: Partial<Sought>) => void }): JSX.Element {
  const { t } = useI18n();
  const id = createUniqueId();
  const day = (which: "from" | "to"): JSX.Element => (
    <div class="field">
      <label for={`${id}-${which}`}>{t(`search.time.${which}`)}</label>
      <input
        id={`${id}-${which}`}
        class="input"
        type="date"
        value={props.sought[which] ?? ""}
        onChange={(event) => {
          const { value } = event.currentTarget;
          if (value === "" || isDay(value)) props.onChange({ [which]: value || null });
        }}
      />
    </div>
  );
  return (
    <div class="search-time">
      <div class="choices">
        <For each={SPANS}>
          {({ days, words }) => (
            <button
              type="button"
              class="button button-small"
              onClick={() => props.onChange({ from: dayOf(Date.now() - days * DAY_MS), to: null })}
            >
              {t(words)}
            </button>
          )}
        </For>
      </div>
      <div class="search-days">
        {day("from")}
        {day("to")}
      </div>
    </div>
  );
}
