/** Places and topics that have come by, and a way to any other. */
import { A, useNavigate } from "@solidjs/router";
import { createResource, For, type JSX, Show, Suspense } from "solid-js";
import { PageHead } from "../../components/page-head/index.tsx";
import { ScopeField } from "../../components/scope-field/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { createTitle } from "../../state/title.ts";
import { scopeHref, scopePath, type ScopeKind } from "../../text/scopes.ts";

const SHOWN = 100;

function Seen(props: { kind: ScopeKind; title: string }): JSX.Element {
  const { t, number } = useI18n();
  const { api } = useConnection();
  const [seen] = createResource(
    () => {
      const peer = api();
      return peer && { peer, kind: props.kind };
    },
    ({ peer, kind }) => peer.suggestScopes({ kind, text: "", limit: SHOWN }),
  );
  return (
    <section class="section">
      <h2>{props.title}</h2>
      {/* The page stands while these are read. */}
      <Suspense>
        <Show when={seen.latest?.length} fallback={<p class="text-sm text-faint">{t("explore.empty")}</p>}>
          <ul class="rows">
            <For each={seen.latest}>
              {(entry) => (
                <li>
                  <A class="row-link" href={scopeHref(entry.scope)}>
                    <bdi class="row-name">{scopePath(entry.scope)}</bdi>
                    <span class="flex-none text-xs text-faint">
                      {t(entry.count === 1 ? "explore.count_one" : "explore.count_other", {
                        count: number(entry.count),
                      })}
                    </span>
                  </A>
                </li>
              )}
            </For>
          </ul>
        </Show>
      </Suspense>
    </section>
  );
}

export default function Explore(): JSX.Element {
  const { t } = useI18n();
  const navigate = useNavigate();
  createTitle(() => t("explore.title"));

  function go(values: readonly string[]) {
    const [scope] = values;
    if (scope) navigate(scopeHref(scope));
  }

  return (
    <>
      <PageHead title={t("explore.title")} lead={t("explore.lead")} />
      <div class="page">
        <div class="grid gap-6 py-6 sm:grid-cols-2">
          <ScopeField
            kind="geo"
            label={t("explore.place.label")}
            hint={t("write.places.hint")}
            values={[]}
            most={1}
            onChange={go}
          />
          <ScopeField
            kind="topic"
            label={t("explore.topic.label")}
            hint={t("explore.topic.hint")}
            values={[]}
            most={1}
            onChange={go}
          />
        </div>
        <Seen kind="geo" title={t("explore.places")} />
        <Seen kind="topic" title={t("explore.topics")} />
      </div>
    </>
  );
}
