/** What a feed shows, what it is called and how it comes: for a new one and for one that is kept. */
import { createUniqueId, type JSX, Match, Show, Switch } from "solid-js";
import type { FeedFilters, ScopeKey, ScopeMatch } from "../../../peer/api.ts";
import { ScopeField } from "../../components/scope-field/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { Choice } from "../settings/choice.tsx";
import type { FeedForm, FormKind } from "./form-values.ts";

/** As many as an intersection takes. */
const MOST_SCOPES = 16;

/** Those that are there keep how they match; new ones come with all that is below them. */
function withScopes(
  before: readonly ScopeMatch[],
  scopes: readonly ScopeKey[],
  match: "exact" | "prefix",
): ScopeMatch[] {
  return scopes.map((scope) => before.find((known) => known.scope === scope) ?? { scope, match });
}

function TextField(props: {
  label: string;
  hint: string;
  value: string;
  ltr?: boolean;
  problem?: string | undefined;
  onInput: (text: string) => void;
}): JSX.Element {
  const id = createUniqueId();
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <input
        id={id}
        class="input"
        type="text"
        dir={props.ltr ? "ltr" : "auto"}
        autocomplete="off"
        autocapitalize={props.ltr ? "none" : "sentences"}
        spellcheck={!props.ltr}
        value={props.value}
        aria-describedby={`${id}-hint`}
        aria-invalid={props.problem ? true : undefined}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
      <p id={`${id}-hint`} class={props.problem ? "field-problem" : "field-hint"}>
        {props.problem ?? props.hint}
      </p>
    </div>
  );
}

export interface FormProblem {
  readonly field: "author" | "name" | "form";
  readonly text: string;
}

export function FeedFields(props: {
  kind: FormKind;
  /** A feed of everyone followed or of trusted people shows what it shows. */
  fixed?: boolean;
  form: FeedForm;
  problem?: FormProblem | undefined;
  onChange: (change: Partial<FeedForm>) => void;
}): JSX.Element {
  const { t } = useI18n();
  const filterId = createUniqueId();
  const problemOf = (field: FormProblem["field"]) => (props.problem?.field === field ? props.problem.text : undefined);
  const match = (): "exact" | "prefix" => [...props.form.places, ...props.form.topics][0]?.match ?? "prefix";

  function setMatch(value: "exact" | "prefix") {
    const all = (list: readonly ScopeMatch[]) => list.map(({ scope }) => ({ scope, match: value }));
    props.onChange({ places: all(props.form.places), topics: all(props.form.topics) });
  }
  const scopeField = (kind: "geo" | "topic", several: boolean): JSX.Element => {
    const field = kind === "geo" ? "places" : "topics";
    const one = kind === "geo" ? "feeds.form.place" : "feeds.form.topic";
    return (
      <ScopeField
        kind={kind}
        label={t(several ? `feeds.form.${field}` : one)}
        hint={t(kind === "geo" ? "write.places.hint" : "explore.topic.hint")}
        values={props.form[field].map(({ scope }) => scope)}
        most={several ? MOST_SCOPES : 1}
        onChange={(scopes) => props.onChange({ [field]: withScopes(props.form[field], scopes, match()) })}
      />
    );
  };

  return (
    <>
      <Show when={!props.fixed}>
        <Switch>
          <Match when={props.kind === "people"}>
            <TextField
              label={t("feeds.form.address")}
              hint={t("feeds.form.address.hint")}
              value={props.form.author}
              ltr
              problem={problemOf("author")}
              onInput={(author) => props.onChange({ author })}
            />
          </Match>
          <Match when={props.kind === "curated"}>
            <TextField
              label={t("feeds.form.curator")}
              hint={t("feeds.form.address.hint")}
              value={props.form.author}
              ltr
              problem={problemOf("author")}
              onInput={(author) => props.onChange({ author })}
            />
            <TextField
              label={t("feeds.form.curatedName")}
              hint={t("feeds.form.curatedName.hint")}
              value={props.form.curatedName}
              onInput={(curatedName) => props.onChange({ curatedName })}
            />
          </Match>
          <Match when={props.kind === "place"}>{scopeField("geo", false)}</Match>
          <Match when={props.kind === "topic"}>{scopeField("topic", false)}</Match>
          <Match when={props.kind === "intersection"}>
            {scopeField("geo", true)}
            {scopeField("topic", true)}
          </Match>
        </Switch>
        <Show when={props.kind !== "people" && props.kind !== "curated"}>
          <Choice
            legend={t("feeds.form.match")}
            value={match()}
            options={[
              { value: "prefix", words: t("scopePage.prefix") },
              { value: "exact", words: t("scopePage.exact") },
            ]}
            onChange={setMatch}
          />
        </Show>
      </Show>
      <TextField
        label={t("feeds.form.name")}
        hint={t("feeds.form.name.hint")}
        value={props.form.name}
        problem={problemOf("name")}
        onInput={(name) => props.onChange({ name })}
      />
      <Choice
        legend={t("feeds.form.mode")}
        value={props.form.mode}
        options={(["auto", "push", "digest", "pullhint"] as const).map((value) => ({
          value,
          words: t(`feeds.mode.${value}`),
        }))}
        onChange={(mode) => props.onChange({ mode })}
      />
      <fieldset aria-labelledby={filterId}>
        <legend id={filterId} class="field-label">
          {t("feeds.filters")}
        </legend>
        <Filters filters={props.form.filters} onChange={(filters) => props.onChange({ filters })} />
      </fieldset>
    </>
  );
}

export function Filters(props: { filters: FeedFilters; onChange: (filters: FeedFilters) => void }): JSX.Element {
  const { t } = useI18n();
  return (
    <div class="flex flex-wrap gap-x-6">
      <label class="check">
        <input
          type="checkbox"
          checked={props.filters.boosts}
          onChange={(event) => props.onChange({ ...props.filters, boosts: event.currentTarget.checked })}
        />
        {t("feeds.filters.boosts")}
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={props.filters.replies}
          onChange={(event) => props.onChange({ ...props.filters, replies: event.currentTarget.checked })}
        />
        {t("feeds.filters.replies")}
      </label>
    </div>
  );
}
