/** Follows a place or topic by keeping its feed, and stops; either can be undone. */
import type { JSX } from "solid-js";
import type { FeedSpec, ScopeKey } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { useActions } from "../../state/actions.ts";
import { plainFeed, useKeptFeeds } from "../../state/feeds.tsx";
import { notify } from "../../state/notices.ts";
import { scopeName, scopePath } from "../../text/scopes.ts";
import { Icon } from "../icon/index.tsx";

export function FollowScope(props: { scope: ScopeKey; match: "exact" | "prefix" }): JSX.Element {
  const { t } = useI18n();
  const kept = useKeptFeeds();
  const { run } = useActions();
  const spec = (): FeedSpec => ({ kind: "scope", scope: props.scope, match: props.match });
  const feed = () => kept.find(spec());
  const name = () => `\u2068${scopeName(props.scope)}\u2069`;

  async function follow(): Promise<void> {
    const wanted = spec();
    let id = "";
    if (!(await run(async (api) => ({ id } = await api.saveFeed({ spec: wanted }))))) return;
    notify(t("explore.followed", { name: name() }), {
      label: t("app.undo"),
      run: () => void run((api) => api.removeFeed(id)),
    });
  }
  async function unfollow(): Promise<void> {
    const had = feed();
    if (!had) return;
    const at = kept.rows().indexOf(had) - 1;
    const { filters, id, mode, name: given, spec: shown } = plainFeed(had);
    if (!(await run((api) => api.removeFeed(id)))) return;
    notify(t("explore.unfollowed", { name: name() }), {
      label: t("app.undo"),
      run: () => void run((api) => api.saveFeed({ id, spec: shown, name: given, mode, filters, at })),
    });
  }

  return (
    <button
      type="button"
      class="button button-small"
      aria-pressed={feed() !== undefined}
      aria-label={t(feed() ? "explore.unfollowNamed" : "explore.followNamed", { name: scopePath(props.scope) })}
      disabled={!kept.ready()}
      onClick={() => void (feed() ? unfollow() : follow())}
    >
      <Icon name={feed() ? "check" : "plus"} small />
      {t(feed() ? "explore.following" : "explore.follow")}
    </button>
  );
}
