/** Home: what people followed and the home place say, newest first. */
import { A } from "@solidjs/router";
import { type JSX, Show } from "solid-js";
import { Invitation } from "../../components/invitation/index.tsx";
import { FeedList } from "../../components/feed-list/index.tsx";
import { InstallLine } from "../../components/install-line/index.tsx";
import { LackNote } from "../../components/lack-note/index.tsx";
import { TwinNote } from "../../components/twin-note/index.tsx";
import { StateNote } from "../../components/state-note/index.tsx";
import { UpdateBanner } from "../../components/update-banner/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { now } from "../../state/clock.ts";
import { useFeeds } from "../../state/feeds.tsx";
import { useSession } from "../../state/session.tsx";
import { createTitle } from "../../state/title.ts";
import { COMMONS, scopeName } from "../../text/scopes.ts";
import { WelcomeCard } from "./welcome-card.tsx";

export default function Home(): JSX.Element {
  const { t, day } = useI18n();
  const { settings, status } = useSession();
  const feed = useFeeds()({ kind: "home" });
  const place = () => {
    const home = settings()?.home;
    return home === undefined ? "" : scopeName(home);
  };
  createTitle(() => t("nav.home"));

  return (
    <>
      <header class="masthead">
        <p class="text-xs text-faint">{day(now())}</p>
        <h1>
          <span class="visually-hidden">{t("home.title")}: </span>
          <bdi>{place() || "\u00a0"}</bdi>
        </h1>
      </header>
      <LackNote />
      <TwinNote />
      <UpdateBanner />
      <InstallLine />
      <WelcomeCard />
      <FeedList
        feed={feed}
        label={t("feed.label")}
        empty={
          <StateNote title={t("home.empty.title")} text={t("home.empty.text", { place: place() })}>
            <A class="button button-primary" href="/write">
              {t("home.empty.write")}
            </A>
            <A class="button" href="/explore">
              {t("home.empty.explore")}
            </A>
            <Show when={settings()?.home === COMMONS}>
              <A class="button" href="/settings">
                {t("home.empty.place")}
              </A>
            </Show>
            <Show when={status()?.peers === 0}>
              <Invitation />
            </Show>
          </StateNote>
        }
      />
    </>
  );
}
