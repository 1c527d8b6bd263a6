/** The profile of the address in the path. */
import { A, useHref, useParams } from "@solidjs/router";
import { createMemo, type JSX, Show } from "solid-js";
import { nameless, ownerOf, personName } from "../../text/people.ts";
import { PageHead } from "../../components/page-head/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { createLiveValue } from "../../state/live.ts";
import { createTitle } from "../../state/title.ts";
import { ProfileView } from "./profile-view.tsx";
import { Waiting } from "./waiting.tsx";

export default function ProfilePage(): JSX.Element {
  const { api } = useConnection();
  const params = useParams<{ id: string }>();
  const query = createMemo(() => ({ id: params.id }));
  const live = createLiveValue(api, "profile", () => query());
  const href = useHref(() => `/u/${params.id}`);
  createTitle(() => {
    const profile = live.value();
    return personName(profile ? ownerOf(profile) : nameless(params.id));
  });

  return (
    <Show when={live.error() !== "NODE_ID_INVALID"} fallback={<Invalid />}>
      <Show when={live.value()} fallback={<Waiting of={live} />}>
        {(profile) => (
          <Show when={profile().id} keyed>
            {(_id) => <ProfileView profile={profile()} link={new URL(href() ?? "", window.location.origin).href} />}
          </Show>
        )}
      </Show>
    </Show>
  );
}

function Invalid(): JSX.Element {
  const { t } = useI18n();
  return (
    <>
      <PageHead title={t("profile.invalid.title")} lead={t("profile.invalid.text")} />
      <div class="page pt-6">
        <A class="button" href="/">
          {t("missing.home")}
        </A>
      </div>
    </>
  );
}
