/** The frame around every page: ways to go, the state of the connection, notices, shortcuts. */
import { A, useBeforeLeave, useIsRouting, useLocation, useMatch, type RouteSectionProps } from "@solidjs/router";
import {
  createEffect,
  createSignal,
  ErrorBoundary,
  For,
  type JSX,
  on,
  onCleanup,
  onMount,
  Show,
  Suspense,
} from "solid-js";
import { Icon, Sun } from "../components/icon/index.tsx";
import { Notices } from "../components/notices/index.tsx";
import { StateNote } from "../components/state-note/index.tsx";
import { StatusWord } from "../components/status-word/index.tsx";
import { lazily, useI18n } from "../i18n/index.tsx";
import { noteLeave, noteStep } from "../state/back.ts";
import { createBadge } from "../state/badge.ts";
import { useConnection } from "../state/connection.tsx";
import { codeOf } from "../state/errors.ts";
import { createCalling, createUnread } from "../state/inbox.ts";
import { createLaunches } from "../state/launch.ts";
import { createPressedNotices } from "../state/pressed-notices.ts";
import { holdsWords, whenQuiet } from "../state/quiet.ts";
import { useSession } from "../state/session.tsx";
import { createShareIntake } from "../state/share-start.ts";
import { pageTitle } from "../state/title.ts";
import { Aside } from "./aside.tsx";
import { createFocusKeeping } from "./focus-keeping.ts";
import { Guard } from "./guard.tsx";
import { HeldNotes } from "./held.tsx";
import { HistoryNote } from "./history-note.tsx";
import { BAR_PLACES, type Place, RAIL_PLACES } from "./places.ts";
import { createShortcuts } from "./shortcuts.ts";

/** What is counted exactly. */
const MOST_COUNTED = 99;

const Help = lazily(() => import("./help.tsx"));
const Elsewhere = lazily(() => import("../pages/elsewhere/index.tsx"));
const Failed = lazily(() => import("../pages/failed/index.tsx"));

function Brand(): JSX.Element {
  const { t } = useI18n();
  return (
    <A href="/" class="brand" aria-label={t("app.name")} end>
      <Sun />
      <span class="brand-name">{t("app.name")}</span>
    </A>
  );
}

/** What a place is called, with how much is new there. */
function usePlaceName(unread: () => number): (place: Place) => string {
  const { number, t } = useI18n();
  return (place) =>
    place.href === "/inbox" && unread() > 0 ? t("nav.inbox.new", { count: number(unread()) }) : t(place.words);
}

/** A number that does not call: it stands there for whoever looks. */
function UnreadMark(props: { place: Place; unread: number }): JSX.Element {
  const { number } = useI18n();
  return (
    <Show when={props.place.href === "/inbox" && props.unread > 0}>
      <span class="unread-mark" aria-hidden="true">
        {props.unread > MOST_COUNTED ? `${number(MOST_COUNTED)}+` : number(props.unread)}
      </span>
    </Show>
  );
}

function Rail(props: { showHelp: () => void; unread: number }): JSX.Element {
  const { t } = useI18n();
  const nameOf = usePlaceName(() => props.unread);
  return (
    <header class="rail">
      <Brand />
      <nav aria-label={t("app.main")} class="grid gap-1">
        <For each={RAIL_PLACES}>
          {(place) => (
            <A
              class={place.href === "/write" ? "button button-primary rail-write" : "rail-link"}
              href={place.href}
              end={place.href === "/"}
              aria-label={nameOf(place)}
              title={nameOf(place)}
            >
              <span class="rail-icon">
                <Icon name={place.icon} />
                <UnreadMark place={place} unread={props.unread} />
              </span>
              <span class="rail-name">{t(place.words)}</span>
            </A>
          )}
        </For>
      </nav>
      <div class="rail-foot grid gap-1">
        <button
          type="button"
          class="rail-link"
          aria-label={t("nav.shortcuts")}
          title={t("nav.shortcuts")}
          onClick={() => props.showHelp()}
        >
          <Icon name="keyboard" />
          <span class="rail-name">{t("nav.shortcuts")}</span>
        </button>
        <StatusWord />
      </div>
    </header>
  );
}

function Bar(props: { unread: number }): JSX.Element {
  const { t } = useI18n();
  const nameOf = usePlaceName(() => props.unread);
  return (
    <nav class="bar" aria-label={t("app.main")}>
      <For each={BAR_PLACES}>
        {(place) => (
          <A href={place.href} end={place.href === "/"} aria-label={nameOf(place)}>
            <span class="bar-icon">
              <Icon name={place.icon} />
              <UnreadMark place={place} unread={props.unread} />
            </span>
            {t(place.words)}
          </A>
        )}
      </For>
    </nav>
  );
}

function TopBar(): JSX.Element {
  return (
    <header class="topbar">
      <Brand />
      <StatusWord />
    </header>
  );
}

function PageFault(props: { error: unknown; reset: () => void }): JSX.Element {
  const { t } = useI18n();
  onMount(() => console.error(props.error));
  return (
    <StateNote title={t("page.failed.title")} text={t("page.failed.text")} role="alert">
      <code class="w-full text-xs text-faint">{codeOf(props.error)}</code>
      <button type="button" class="button" onClick={() => props.reset()}>
        {t("app.retry")}
      </button>
    </StateNote>
  );
}

/** Whether this tab rests while another runs the peer; not before words are dealt with that only this page holds. */
function createResting(): () => boolean {
  const { state } = useConnection();
  const [resting, setResting] = createSignal(false);
  createEffect(() => {
    if (state().kind !== "elsewhere") setResting(false);
    else if (holdsWords()) onCleanup(whenQuiet(() => setResting(true)));
    else setResting(true);
  });
  return resting;
}

/** Moves the focus to the new page, so that keyboard and screen reader go on from there. */
function createFocusOnRoute(main: () => HTMLElement): void {
  const location = useLocation<{ stay?: boolean }>();
  const routing = useIsRouting();
  let shown = location.pathname;
  createEffect(
    on([() => location.pathname, routing], ([path, busy]) => {
      if (busy || path === shown) return;
      shown = path;
      noteStep();
      // A step within a page, and not the way back to it from elsewhere.
      if (location.state?.stay === true && main().contains(document.activeElement)) return;
      // Not the heading: a page that waits for its data gets its heading later.
      main().focus({ preventScroll: true });
    }),
  );
}

export function Shell(props: RouteSectionProps): JSX.Element {
  const i18n = useI18n();
  const { t } = i18n;
  const { api, gone, locked, state } = useConnection();
  const { status } = useSession();
  const [help, setHelp] = createSignal(false);
  const atWrite = useMatch(() => "/write");
  /** The one page that is of use when the peer does not start. */
  const atDiagnostics = useMatch(() => "/diagnostics");
  /** The composer needs the side column for its preview. */
  const isWide = () => atWrite() !== undefined;
  const resting = createResting();
  let main!: HTMLElement;
  createShortcuts({ showHelp: () => setHelp(true) });
  createFocusOnRoute(() => main);
  createFocusKeeping(() => main);
  createLaunches();
  createShareIntake();
  const unread = createUnread(api);
  createCalling(api, locked, i18n);
  createPressedNotices();
  createBadge(() => (status()?.waiting ?? 0) + unread());
  // The router names a target by its distance in the history, or else by its path.
  useBeforeLeave((event) => noteLeave(typeof event.to === "number"));

  return (
    <>
      <a
        class="button button-primary skip-link"
        href="#content"
        onClick={(event) => {
          // The page has a base address, so the browser would take "#content" for another page.
          event.preventDefault();
          main.focus();
        }}
      >
        {t("app.skip")}
      </a>
      <div class="frame" data-wide={isWide() ? "" : undefined}>
        <Rail showHelp={() => setHelp(true)} unread={unread()} />
        <main id="content" class="centre" tabindex="-1" aria-label={pageTitle() || undefined} ref={main}>
          <TopBar />
          <HeldNotes />
          <HistoryNote />
          <ErrorBoundary fallback={(error: unknown, reset) => <PageFault error={error} reset={reset} />}>
            <Suspense>
              <Show when={!resting()} fallback={<Elsewhere />}>
                <Show when={state().kind !== "failed" || atDiagnostics() !== undefined} fallback={<Failed />}>
                  <Guard>{props.children}</Guard>
                </Show>
              </Show>
            </Suspense>
          </ErrorBoundary>
        </main>
        <Show when={!isWide() && !locked() && !gone()}>
          <Aside />
        </Show>
      </div>
      <Bar unread={unread()} />
      <Notices />
      <Show when={help()}>
        <Suspense>
          <Help onClose={() => setHelp(false)} />
        </Suspense>
      </Show>
    </>
  );
}
