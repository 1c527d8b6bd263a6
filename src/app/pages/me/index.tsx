/** One's own page: profile, its editor, people followed, the way to the settings. */
import { A, useHref, useNavigate, useSearchParams } from "@solidjs/router";
import { createMemo, type JSX, Match, Show, Switch } from "solid-js";
import { Icon } from "../../components/icon/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { createLiveValue } from "../../state/live.ts";
import { useSession } from "../../state/session.tsx";
import { createTitle } from "../../state/title.ts";
import { ProfileView } from "../profile/profile-view.tsx";
import { Waiting } from "../profile/waiting.tsx";
import { Editor } from "./editor.tsx";
import { Identities } from "./identities.tsx";
import { People } from "./people.tsx";

export default function Me(): JSX.Element {
  const { t } = useI18n();
  const { api } = useConnection();
  const { identity } = useSession();
  const navigate = useNavigate();
  const [query] = useSearchParams<{ edit?: string; identities?: string; people?: string }>();
  const own = createMemo(() => {
    const id = identity()?.id;
    return id === undefined ? undefined : { id };
  });
  const live = createLiveValue(api, "profile", () => own());
  const href = useHref(() => `/u/${identity()?.id ?? ""}`);
  createTitle(() => t("nav.profile"));

  return (
    <Show when={live.value()} fallback={<Waiting of={live} />}>
      {(profile) => (
        <Switch
          fallback={
            <ProfileView profile={profile()} link={new URL(href() ?? "", window.location.origin).href}>
              <A class="button" href="/me?people=1">
                {t("profile.people")}
              </A>
              <A class="button" href="/trust">
                <Icon name="people" small />
                {t("trust.title")}
              </A>
              <A class="button" href="/curate">
                <Icon name="curated" small />
                {t("curate.pages")}
              </A>
              <A class="button" href="/me?identities=1">
                {t("identities.title.short")}
              </A>
              <A class="button" href="/join?invite=1">
                {t("invite.open")}
              </A>
              <A class="button" href="/settings">
                <Icon name="settings" small />
                {t("nav.settings")}
              </A>
            </ProfileView>
          }
        >
          <Match when={query.edit}>
            <Editor profile={profile()} onDone={() => navigate("/me", { replace: true })} />
          </Match>
          <Match when={query.identities}>
            <Identities />
          </Match>
          <Match when={query.people}>
            <People />
          </Match>
        </Switch>
      )}
    </Show>
  );
}
