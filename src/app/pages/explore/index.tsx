/** Places and topics that have come by, as trees, and a way to any other. */
import { A, useNavigate } from "@solidjs/router";
import { type JSX, Show } from "solid-js";
import { ChangeHome } from "../../components/home-place/index.tsx";
import { Icon } from "../../components/icon/index.tsx";
import { PageHead } from "../../components/page-head/index.tsx";
import { ScopeField } from "../../components/scope-field/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useSession } from "../../state/session.tsx";
import { createTitle } from "../../state/title.ts";
import { scopeHref, scopePath, type ScopeKind } from "../../text/scopes.ts";
import { ScopeTree } from "./tree.tsx";

export default function Explore(): JSX.Element {
  const { t } = useI18n();
  const { settings } = useSession();
  const navigate = useNavigate();
  createTitle(() => t("explore.title"));

  function go(values: readonly string[]) {
    const [scope] = values;
    if (scope) navigate(scopeHref(scope));
  }
  const seen = (kind: ScopeKind, title: string): JSX.Element => (
    <section class="section">
      <h2>{title}</h2>
      <ScopeTree kind={kind} within={null} empty={<p class="text-sm text-faint">{t("explore.empty")}</p>} />
    </section>
  );

  return (
    <>
      <PageHead title={t("explore.title")} lead={t("explore.lead")} />
      <div class="page">
        <A class="search-link" href="/search">
          <Icon name="search" />
          {t("search.open")}
        </A>
        <Show when={settings()?.home}>
          {(home) => (
            <section class="explore-home" aria-label={t("explore.home")}>
              <p class="min-w-0">
                <span class="text-xs text-faint">{t("explore.home")}</span>
                <br />
                <A class="row-name hover:underline" href={scopeHref(home())}>
                  <bdi>{scopePath(home())}</bdi>
                </A>
              </p>
              <ChangeHome />
            </section>
          )}
        </Show>
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
        {seen("geo", t("explore.places"))}
        {seen("topic", t("explore.topics"))}
      </div>
    </>
  );
}
