/** The feed of one place or topic, alone or with everything below it. */
import { A, useLocation, useParams, useSearchParams } from "@solidjs/router";
import { createMemo, createUniqueId, For, type JSX, Show } from "solid-js";
import type { ScopeKey } from "../../../peer/api.ts";
import { FeedList } from "../../components/feed-list/index.tsx";
import { StateNote } from "../../components/state-note/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useActions } from "../../state/actions.ts";
import { useFeeds } from "../../state/feeds.tsx";
import { notify } from "../../state/notices.ts";
import { useSession } from "../../state/session.tsx";
import { createTitle } from "../../state/title.ts";
import { ancestorsOf, kindOf, scopeHref, scopeName, scopeOfPath } from "../../text/scopes.ts";

type ScopeMatch = "exact" | "prefix";

export default function ScopePage(): JSX.Element {
  const { t } = useI18n();
  const params = useParams<{ kind: string; segments?: string }>();
  const [query] = useSearchParams<{ match?: string }>();
  const location = useLocation();
  // The router decodes a path as a whole; a segment may hold what looks like a separator then.
  const scope = createMemo(() => {
    const path = location.pathname;
    const rest = path.slice(path.indexOf(`/s/${params.kind}/`) + params.kind.length + 4);
    return scopeOfPath(params.kind, rest.split("/").map(decode));
  });
  const match = (): ScopeMatch => (query.match === "exact" ? "exact" : "prefix");
  const shown = createMemo(
    () => {
      const current = scope();
      return current === null ? null : { scope: current, match: match() };
    },
    null,
    { equals: (a, b) => a?.scope === b?.scope && a?.match === b?.match },
  );

  return (
    <Show
      when={shown()}
      keyed
      fallback={
        <StateNote title={t("scopePage.invalid")}>
          <A class="button" href="/explore">
            {t("nav.explore")}
          </A>
        </StateNote>
      }
    >
      {(current) => <ScopeFeed scope={current.scope} match={current.match} />}
    </Show>
  );
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (error instanceof URIError) return segment;
    throw error;
  }
}

function Choices(props: { scope: ScopeKey }): JSX.Element {
  const { t } = useI18n();
  const { settings } = useSession();
  const { updateSettings } = useActions();
  const name = () => `\u2068${scopeName(props.scope)}\u2069`;
  const topics = () => settings()?.topics ?? [];
  const followed = () => topics().includes(props.scope);

  async function makeHome(): Promise<void> {
    const before = settings()?.home;
    if (!before || !(await updateSettings({ home: props.scope }))) return;
    notify(t("scopePage.homeSet", { place: name() }), {
      label: t("app.undo"),
      run: () => void updateSettings({ home: before }),
    });
  }
  async function toggleTopic(): Promise<void> {
    const before = [...topics()];
    const had = followed();
    const next = had ? before.filter((topic) => topic !== props.scope) : [...before, props.scope];
    if (!(await updateSettings({ topics: next }))) return;
    notify(t(had ? "scopePage.topicRemoved" : "scopePage.topicAdded", { topic: name() }), {
      label: t("app.undo"),
      run: () => void updateSettings({ topics: before }),
    });
  }

  return (
    <Show
      when={kindOf(props.scope) === "geo"}
      fallback={
        <button type="button" class="button button-small" onClick={() => void toggleTopic()}>
          {t(followed() ? "scopePage.removeTopic" : "scopePage.addTopic")}
        </button>
      }
    >
      <Show
        when={settings()?.home !== props.scope}
        fallback={<span class="self-center text-sm text-faint">{t("scopePage.isHome")}</span>}
      >
        <button type="button" class="button button-small" onClick={() => void makeHome()}>
          {t("scopePage.makeHome")}
        </button>
      </Show>
    </Show>
  );
}

function ScopeFeed(props: { scope: ScopeKey; match: ScopeMatch }): JSX.Element {
  const { t } = useI18n();
  const [, setQuery] = useSearchParams();
  const groupName = createUniqueId();
  // The page makes this anew for another scope or way of matching.
  // eslint-disable-next-line solid/reactivity
  const feed = useFeeds()({ kind: "scope", scope: props.scope, match: props.match });
  const path = () => scopeHref(props.scope).slice("/s/".length);
  createTitle(() => scopeName(props.scope));

  return (
    <>
      <header class="masthead grid gap-4">
        <div>
          <Show when={ancestorsOf(props.scope).length > 0}>
            <nav class="text-xs text-faint" aria-label={t("scopePage.within")}>
              <For each={ancestorsOf(props.scope)}>
                {(scope) => (
                  <>
                    <A class="underline-offset-2 hover:underline" href={scopeHref(scope)}>
                      <bdi>{scopeName(scope)}</bdi>
                    </A>
                    <span aria-hidden="true"> / </span>
                  </>
                )}
              </For>
            </nav>
          </Show>
          <h1>
            <bdi>{scopeName(props.scope)}</bdi>
          </h1>
        </div>
        <fieldset class="choices">
          <legend class="visually-hidden">{t("scopePage.match")}</legend>
          <For each={["prefix", "exact"] as const}>
            {(value) => (
              <label class="choice">
                <input
                  type="radio"
                  name={groupName}
                  checked={props.match === value}
                  onChange={() => setQuery({ match: value === "exact" ? "exact" : null }, { replace: true })}
                />
                <span>{t(`scopePage.${value}`)}</span>
              </label>
            )}
          </For>
        </fieldset>
        <div class="flex flex-wrap gap-2">
          <A class="button button-small" href={`/write?scope=${encodeURIComponent(decodeURIComponent(path()))}`}>
            {t("scopePage.write")}
          </A>
          <Choices scope={props.scope} />
        </div>
      </header>
      <FeedList feed={feed} label={t("feed.label")} empty={<p class="p-4 text-soft">{t("scopePage.empty")}</p>} />
    </>
  );
}
