/** The feed of one place or topic, alone or with everything below it. */
import { A, useLocation, useParams, useSearchParams } from "@solidjs/router";
import { createMemo, createUniqueId, For, type JSX, Show } from "solid-js";
import type { FeedSpec, FeedView, ScopeKey } from "../../../peer/api.ts";
import { FollowScope } from "../../components/follow-scope/index.tsx";
import { HintRows } from "../../components/hint-rows/index.tsx";
import { FeedList } from "../../components/feed-list/index.tsx";
import { StateNote } from "../../components/state-note/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { ScopeTree } from "../explore/tree.tsx";
import { EmptyFeed } from "../feeds/empty.tsx";
import { useActions } from "../../state/actions.ts";
import { useFeeds, useKeptFeeds } from "../../state/feeds.tsx";
import { notify } from "../../state/notices.ts";
import { useSession } from "../../state/session.tsx";
import { createTitle } from "../../state/title.ts";
import { kindOfSpec } from "../../text/feeds.ts";
import { typedKey } from "../../text/scope-limits.ts";
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
    const named = scopeOfPath(params.kind, rest.split("/").map(decode));
    return named === null ? null : typedKey(kindOf(named), named.slice(2));
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

function HomeChoice(props: { scope: ScopeKey }): JSX.Element {
  const { t } = useI18n();
  const { settings } = useSession();
  const { updateSettings } = useActions();

  async function makeHome(): Promise<void> {
    const before = settings()?.home;
    if (!before || !(await updateSettings({ home: props.scope }))) return;
    notify(t("scopePage.homeSet", { place: `\u2068${scopeName(props.scope)}\u2069` }), {
      label: t("app.undo"),
      run: () => void updateSettings({ home: before }),
    });
  }

  return (
    <Show when={kindOf(props.scope) === "geo"}>
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

/** What a place or topic has to say that nobody follows yet. */
function emptyFeed(spec: FeedSpec): FeedView {
  const filters = { boosts: true, replies: true };
  return { id: "new", kind: kindOfSpec(spec), name: null, spec, mode: "auto", filters, unread: 0 };
}

function ScopeFeed(props: { scope: ScopeKey; match: ScopeMatch }): JSX.Element {
  const { t } = useI18n();
  const [, setQuery] = useSearchParams();
  const groupName = createUniqueId();
  // The page makes this anew for another scope or way of matching.
  // eslint-disable-next-line solid/reactivity
  const spec: FeedSpec = { kind: "scope", scope: props.scope, match: props.match };
  const feed = useFeeds()(spec);
  const kept = useKeptFeeds();
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
          <FollowScope scope={props.scope} match={props.match} />
          <HomeChoice scope={props.scope} />
        </div>
      </header>
      <details class="scope-inside">
        <summary>{t("explore.below", { name: `\u2068${scopeName(props.scope)}\u2069` })}</summary>
        <ScopeTree
          kind={kindOf(props.scope)}
          within={props.scope}
          empty={<p class="text-sm text-faint">{t("explore.empty")}</p>}
        />
      </details>
      <HintRows feed={spec} />
      <FeedList
        feed={feed}
        label={t("feed.label")}
        readAs={kept.find(spec)?.id}
        empty={<EmptyFeed feed={emptyFeed(spec)} />}
      />
    </>
  );
}
