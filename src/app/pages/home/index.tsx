/** Home: what people followed and the home place say, newest first. */
import { A } from "@solidjs/router";
import { createEffect, createMemo, createSignal, type JSX, onCleanup, Show } from "solid-js";
import { Invitation } from "../../components/invitation/index.tsx";
import { FeedTabs } from "../../components/feed-tabs/index.tsx";
import { ChangeHome } from "../../components/home-place/index.tsx";
import { FeedList } from "../../components/feed-list/index.tsx";
import { HintRows } from "../../components/hint-rows/index.tsx";
import { InstallLine } from "../../components/install-line/index.tsx";
import { LackNote } from "../../components/lack-note/index.tsx";
import { TwinNote } from "../../components/twin-note/index.tsx";
import { StateNote } from "../../components/state-note/index.tsx";
import { UpdateBanner } from "../../components/update-banner/index.tsx";
import { loadRest, useI18n } from "../../i18n/index.tsx";
import { now } from "../../state/clock.ts";
import { useFeeds, useKeptFeeds } from "../../state/feeds.tsx";
import { useSession } from "../../state/session.tsx";
import { createTitle } from "../../state/title.ts";
import { COMMONS, scopeName } from "../../text/scopes.ts";
import { WelcomeCard } from "./welcome-card.tsx";

/** The first cards are drawn within this time of their coming, in ms; what stands beside them does not compete with them. */
const CARDS_FIRST = 500;

export default function Home(): JSX.Element {
  const { t, day } = useI18n();
  const { settings, status } = useSession();
  const kept = useKeptFeeds();
  const open = useFeeds();
  /** Home as the person wants to see it, once that is known; nothing is drawn twice when it shows everything. */
  const filters = createMemo(() => kept.rows().find(({ kind }) => kind === "home")?.filters, undefined, {
    equals: (a, b) => a?.boosts === b?.boosts && a?.replies === b?.replies,
  });
  const feed = createMemo(() => {
    const wanted = filters();
    return open({ kind: "home" }, wanted && { boosts: wanted.boosts, replies: wanted.replies });
  });
  const place = () => {
    const home = settings()?.home;
    return home === undefined ? "" : scopeName(home);
  };
  createTitle(() => t("nav.home"));
  /** Whether the cards have had their time. It stays so, also while other filters are asked for. */
  const [drawn, setDrawn] = createSignal(false);
  createEffect(() => {
    if (drawn() || !feed()?.ready()) return;
    const timer = setTimeout(() => setDrawn(true), CARDS_FIRST);
    onCleanup(() => clearTimeout(timer));
  });
  createEffect(() => {
    if (drawn()) loadRest().catch((error: unknown) => console.warn("words of other pages", error));
  });

  return (
    <>
      <FeedTabs />
      <header class="masthead home-head">
        <div class="min-w-0">
          <p class="text-xs text-faint">{day(now())}</p>
          <h1>
            <span class="visually-hidden">{t("home.title")}: </span>
            <bdi>{place() || "\u00a0"}</bdi>
          </h1>
        </div>
        <ChangeHome quiet />
      </header>
      <LackNote />
      <TwinNote />
      <UpdateBanner />
      <InstallLine />
      <WelcomeCard />
      {/* With the words that only it says. */}
      <Show when={drawn()}>
        <HintRows feed={{ kind: "home" }} />
      </Show>
      <Show when={feed()} keyed>
        {(shown) => (
          <FeedList
            feed={shown}
            readAs="home"
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
                  <ChangeHome />
                </Show>
                <Show when={status()?.peers === 0}>
                  <Invitation />
                </Show>
              </StateNote>
            }
          />
        )}
      </Show>
    </>
  );
}
