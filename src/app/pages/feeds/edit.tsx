/** Makes a new feed, or changes one that is kept. What was typed stays until it is saved. */
import { useNavigate, useParams, useSearchParams } from "@solidjs/router";
import { createSignal, For, type JSX, Show } from "solid-js";
import type { FeedView } from "../../../peer/api.ts";
import { PageHead } from "../../components/page-head/index.tsx";
import { UnreadableNote } from "../../components/unreadable-note/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useActions } from "../../state/actions.ts";
import { useConnection } from "../../state/connection.tsx";
import { codeOf } from "../../state/errors.ts";
import { useFeedWords } from "../../state/feed-words.ts";
import { type KeptFeeds, plainFeed, useKeptFeeds } from "../../state/feeds.tsx";
import { notify } from "../../state/notices.ts";
import { createTitle } from "../../state/title.ts";
import { FEED_KINDS, feedHref } from "../../text/feeds.ts";
import { A } from "@solidjs/router";
import { BLANK, type FeedForm, formOf, type FormKind, specOf } from "./form-values.ts";
import { FeedFields, type FormProblem } from "./form.tsx";

function kindOf(text: string | undefined): FormKind {
  return FEED_KINDS.find((kind) => kind === text) ?? "intersection";
}

/** `/feeds/new?kind=place` */
export function NewFeed(): JSX.Element {
  const { t } = useI18n();
  const [query, setQuery] = useSearchParams<{ kind?: string }>();
  const kind = () => kindOf(query.kind);
  createTitle(() => t("feeds.new.title"));
  return (
    <>
      <PageHead title={t("feeds.new.title")}>
        <fieldset class="mt-4">
          <legend class="field-label mb-2">{t("feeds.form.kind")}</legend>
          <div class="choices">
            <For each={FEED_KINDS}>
              {(value) => (
                <label class="choice">
                  <input
                    type="radio"
                    name="kind"
                    checked={kind() === value}
                    onChange={() => setQuery({ kind: value }, { replace: true })}
                  />
                  <span>{t(`feeds.kind.${value}`)}</span>
                </label>
              )}
            </For>
          </div>
        </fieldset>
        <p class="mt-4 max-w-measure text-sm text-soft">{t(`feeds.add.${kind()}.text`)}</p>
      </PageHead>
      <Editor kind={kind()} />
    </>
  );
}

/** `/feeds/:id` */
export default function EditFeed(): JSX.Element {
  const { t } = useI18n();
  const params = useParams<{ id: string }>();
  const kept = useKeptFeeds();
  const { nameOf } = useFeedWords();
  const feed = () => kept.rows().find(({ id }) => id === params.id);
  const isThere = () => feed() !== undefined;
  createTitle(() => t("feeds.change.title"));
  return (
    <Show when={params.id !== "new"} fallback={<NewFeed />}>
      <Show when={isThere()} fallback={<NotKept kept={kept} />}>
        <PageHead title={nameOf(feed() as FeedView)} lead={t("feeds.change.title")} />
        <Editor kind={formKindOf(feed() as FeedView)} feed={feed()} />
      </Show>
    </Show>
  );
}

function formKindOf({ kind }: FeedView): FormKind {
  return kind === "home" ? "people" : kind;
}

/** Where no kept feed is found, because there is none or because they cannot be read. */
export function NotKept(props: { kept: KeptFeeds }): JSX.Element {
  const { t } = useI18n();
  return (
    <Show
      when={props.kept.ready()}
      fallback={
        <>
          <h1 class="visually-hidden">{t("feeds.title")}</h1>
          <UnreadableNote of={props.kept} title={t("unreadable.feeds")} />
        </>
      }
    >
      <Missing />
    </Show>
  );
}

function Missing(): JSX.Element {
  const { t } = useI18n();
  return (
    <>
      <PageHead title={t("feeds.missing.title")} lead={t("feeds.missing.text")} />
      <div class="page pt-6">
        <A class="button" href="/feeds">
          {t("feeds.all")}
        </A>
      </div>
    </>
  );
}

/** Feeds of which nothing but name, mode and filters can be another. */
function isFixed(feed: FeedView | undefined): boolean {
  return feed !== undefined && ["home", "people", "trusted"].includes(feed.spec.kind);
}

function Editor(props: { kind: FormKind; feed?: FeedView }): JSX.Element {
  const { t } = useI18n();
  const navigate = useNavigate();
  const { api } = useConnection();
  const { run } = useActions();
  const kept = useKeptFeeds();
  const { nameOf } = useFeedWords();
  // As it is when the page opens: what comes in later must not overwrite what is being typed.
  // eslint-disable-next-line solid/reactivity
  const [form, setForm] = createSignal<FeedForm>(props.feed ? formOf(plainFeed(props.feed)) : BLANK);
  const [problem, setProblem] = createSignal<FormProblem>();
  const change = (part: Partial<FeedForm>) => {
    setProblem(undefined);
    setForm({ ...form(), ...part });
  };

  function problemOf(code: string): FormProblem {
    if (code === "NODE_ID_INVALID") return { field: "author", text: t("feeds.form.badId") };
    if (code === "FEED_INVALID") return { field: "name", text: t("feeds.form.badName") };
    if (code === "FEEDS_FULL") return { field: "form", text: t("feeds.full") };
    return { field: "form", text: t("settings.failed", { code }) };
  }

  async function save(): Promise<void> {
    const { filters, mode, name } = form();
    const spec = isFixed(props.feed) ? undefined : specOf(props.kind, form());
    if (spec === null) {
      setProblem({ field: "form", text: t("feeds.form.missing") });
      return;
    }
    const named = props.feed?.kind === "home" ? {} : { name: name.trim() || null };
    const input = { ...(props.feed && { id: props.feed.id }), ...(spec && { spec }), ...named, mode, filters };
    try {
      const saved = await api()?.saveFeed(input);
      if (!saved) return;
      notify(t("feeds.kept"));
      navigate(feedHref(saved), { replace: true });
    } catch (error) {
      setProblem(problemOf(codeOf(error)));
    }
  }

  async function remove(feed: FeedView): Promise<void> {
    const at = kept.rows().findIndex(({ id }) => id === feed.id) - 1;
    const { filters, id, mode, name, spec } = plainFeed(feed);
    const words = nameOf(feed);
    if (!(await run((peer) => peer.removeFeed(id)))) return;
    navigate("/feeds", { replace: true });
    notify(t("feeds.removed", { name: `\u2068${words}\u2069` }), {
      label: t("app.undo"),
      run: () => void run((peer) => peer.saveFeed({ id, spec, name, mode, filters, at })),
    });
  }

  return (
    <form
      class="page feed-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <FeedFields kind={props.kind} fixed={isFixed(props.feed)} form={form()} problem={problem()} onChange={change} />
      <p class="field-problem" role="alert">
        {problem()?.field === "form" ? problem()?.text : ""}
      </p>
      <div class="flex flex-wrap gap-3">
        <button type="submit" class="button button-primary">
          {t("feeds.form.save")}
        </button>
        <Show when={props.feed?.kind !== "home" && props.feed}>
          {(feed) => (
            <button type="button" class="button" onClick={() => void remove(feed())}>
              {t("feeds.remove")}
            </button>
          )}
        </Show>
      </div>
    </form>
  );
}
