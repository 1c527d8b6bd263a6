/** What a feed says that has nothing to show: why, and what can be done about it. */
import { A } from "@solidjs/router";
import { type JSX, Match, Show, Switch } from "solid-js";
import type { CuratedView, FeedView } from "../../../peer/api.ts";
import { Invitation } from "../../components/invitation/index.tsx";
import { StateNote } from "../../components/state-note/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useSession } from "../../state/session.tsx";
import { ancestorsOf, scopeHref, scopeName } from "../../text/scopes.ts";

type EmptyKind = "people" | "author" | "trusted" | "place" | "topic" | "intersection";

function kindOfEmpty({ kind, spec }: FeedView): EmptyKind {
  if (spec.kind === "author" || spec.kind === "trusted") return spec.kind;
  return kind === "place" || kind === "topic" || kind === "intersection" ? kind : "people";
}

export function EmptyFeed(props: { feed: FeedView; curated?: CuratedView | undefined }): JSX.Element {
  const { t } = useI18n();
  const { status } = useSession();
  const kind = () => kindOfEmpty(props.feed);
  const scope = () => (props.feed.spec.kind === "scope" ? props.feed.spec.scope : undefined);
  /** Scopes of an intersection or of one place or topic, for the composer. */
  const scopes = () => {
    const { spec } = props.feed;
    if (spec.kind === "scope") return [spec.scope];
    const first = spec.kind === "intersection" ? [spec.places[0], spec.topics[0]] : [];
    return first.flatMap((entry) => (entry ? [entry.scope] : []));
  };
  const writeHref = () =>
    `/write?${scopes()
      .map((key) => `scope=${encodeURIComponent(`${key.startsWith("g:") ? "place" : "topic"}/${key.slice(2)}`)}`)
      .join("&")}`;
  const changeHref = () => `/feeds/${props.feed.id}`;
  const wider = () => {
    const key = scope();
    return key === undefined ? undefined : ancestorsOf(key).at(-1);
  };

  return (
    <Show
      when={props.feed.kind !== "curated"}
      fallback={
        <StateNote
          title={t("feeds.empty.curated.title")}
          text={t(`feeds.empty.curated.${props.curated?.state ?? "looking"}`)}
        >
          <A class="button" href={changeHref()}>
            {t("feeds.empty.change")}
          </A>
          <Show when={status()?.peers === 0}>
            <Invitation />
          </Show>
        </StateNote>
      }
    >
      <StateNote title={t(`feeds.empty.${kind()}.title`)} text={t(`feeds.empty.${kind()}.text`)}>
        <Switch
          fallback={
            <A class="button button-primary" href={writeHref()}>
              {t("feeds.empty.write")}
            </A>
          }
        >
          <Match when={kind() === "people"}>
            <A class="button button-primary" href="/me">
              {t("feeds.empty.people.act")}
            </A>
          </Match>
          <Match when={kind() === "author"}>
            <span />
          </Match>
        </Switch>
        <Show when={wider()}>
          {(above) => (
            <A class="button" href={scopeHref(above())}>
              {t("feeds.empty.wider", { name: `\u2068${scopeName(above())}\u2069` })}
            </A>
          )}
        </Show>
        <Show when={kind() === "intersection" || (scope() !== undefined && wider() === undefined)}>
          <A class="button" href={changeHref()}>
            {t("feeds.empty.change")}
          </A>
        </Show>
        <Show when={status()?.peers === 0}>
          <Invitation />
        </Show>
      </StateNote>
    </Show>
  );
}
