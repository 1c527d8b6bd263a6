/** Places or topics seen, as a tree that opens branch by branch; nothing is read before it is looked at. */
import { A } from "@solidjs/router";
import { createResource, createSignal, createUniqueId, For, type JSX, Show, Suspense } from "solid-js";
import type { ScopeBranchView, ScopeKey } from "../../../peer/api.ts";
import { FollowScope } from "../../components/follow-scope/index.tsx";
import { Icon } from "../../components/icon/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { scopeHref, scopeName, scopePath, type ScopeKind } from "../../text/scopes.ts";

/** Two screens; more are a press away. */
const PAGE = 30;

export function ScopeTree(props: { kind: ScopeKind; within: ScopeKey | null; empty?: JSX.Element }): JSX.Element {
  const { t } = useI18n();
  const { api } = useConnection();
  const [limit, setLimit] = createSignal(PAGE);
  const [branches] = createResource(
    () => {
      const peer = api();
      return peer && { peer, kind: props.kind, within: props.within, limit: limit() };
    },
    async ({ kind, limit: shown, peer, within }) => {
      // One more tells whether there are more.
      const found = await peer.browseScopes({ kind, within, limit: shown + 1 });
      return { rows: found.slice(0, shown), more: found.length > shown };
    },
  );
  return (
    // The page stands while these are read.
    <Suspense>
      <Show when={branches.latest?.rows.length} fallback={branches.latest && props.empty}>
        <ul class="scope-tree">
          <For each={branches.latest?.rows}>{(branch) => <Branch kind={props.kind} branch={branch} />}</For>
        </ul>
        <Show when={branches.latest?.more}>
          <button type="button" class="button button-small" onClick={() => setLimit(limit() + PAGE)}>
            {t("explore.more")}
          </button>
        </Show>
      </Show>
    </Suspense>
  );
}

function Branch(props: { kind: ScopeKind; branch: ScopeBranchView }): JSX.Element {
  const { t, number } = useI18n();
  const [open, setOpen] = createSignal(false);
  const listId = createUniqueId();
  const name = () => scopeName(props.branch.scope);
  return (
    <li>
      <div class="scope-branch">
        <Show when={props.branch.branches > 0} fallback={<span class="scope-branch-space" />}>
          <button
            type="button"
            class="icon-button scope-branch-open"
            aria-expanded={open()}
            aria-controls={listId}
            aria-label={t(open() ? "explore.collapse" : "explore.expand", { name: name() })}
            onClick={() => setOpen(!open())}
          >
            <Icon name="chevron" turns />
          </button>
        </Show>
        <A class="scope-branch-name" href={scopeHref(props.branch.scope)} title={scopePath(props.branch.scope)}>
          <bdi class="row-name">{name()}</bdi>
          <span class="text-xs text-faint">
            {t(props.branch.count === 1 ? "explore.count_one" : "explore.count_other", {
              count: number(props.branch.count),
            })}
          </span>
        </A>
        <FollowScope scope={props.branch.scope} match="prefix" />
      </div>
      <div id={listId} class="scope-below" hidden={!open()}>
        <Show when={open()}>
          <ScopeTree kind={props.kind} within={props.branch.scope} />
        </Show>
      </div>
    </li>
  );
}
