/** A curated feed that need not be among one's own: what is in it, and how to follow it. */
import { A, useSearchParams } from "@solidjs/router";
import { createMemo, createSignal, type JSX, Show, Suspense } from "solid-js";
import type { CuratedView, FeedSpec } from "../../../peer/api.ts";
import { CopyButton } from "../../components/copy-button/index.tsx";
import { CuratedHead, HeldFeeds, holdsOnlyFeeds } from "../../components/curated/head.tsx";
import { Dialog } from "../../components/dialog/index.tsx";
import { FeedList } from "../../components/feed-list/index.tsx";
import { Icon } from "../../components/icon/index.tsx";
import { PageHead } from "../../components/page-head/index.tsx";
import { StateNote } from "../../components/state-note/index.tsx";
import { UnreadableNote } from "../../components/unreadable-note/index.tsx";
import { lazily, useI18n } from "../../i18n/index.tsx";
import { useActions } from "../../state/actions.ts";
import { useConnection } from "../../state/connection.tsx";
import { useFeeds } from "../../state/feeds.tsx";
import { asOne, createLiveValue } from "../../state/live.ts";
import { notify } from "../../state/notices.ts";
import { createTitle } from "../../state/title.ts";
import { curateHref } from "../../text/curated-links.ts";
import { displayLine } from "../../text/display.ts";
import { readShared, sharedParameters } from "../../text/feed-links.ts";

const CurateSheet = lazily(() => import("../../components/curate-button/sheet.tsx"));

type CuratedSpec = Extract<FeedSpec, { kind: "curated" }>;

export default function CuratedPage(): JSX.Element {
  const { t } = useI18n();
  const [query] = useSearchParams<{ by?: string; feed?: string }>();
  /** Anybody can make an address. */
  const spec = createMemo(
    (): CuratedSpec | null => {
      const text = new URLSearchParams({ curator: query.by ?? "", feed: query.feed ?? "" }).toString();
      const found = readShared(text)?.spec;
      return found?.kind === "curated" ? found : null;
    },
    null,
    { equals: (a, b) => a?.curator === b?.curator && a?.name === b?.name },
  );
  return (
    <Show
      when={spec()}
      keyed
      fallback={
        <>
          <PageHead title={t("feeds.shared.title")} lead={t("feeds.shared.bad")} />
          <div class="page pt-6">
            <A class="button" href="/feeds">
              {t("feeds.all")}
            </A>
          </div>
        </>
      }
    >
      {(found) => <Shown spec={found} />}
    </Show>
  );
}

function Shown(props: { spec: CuratedSpec }): JSX.Element {
  const { t } = useI18n();
  const { api } = useConnection();
  // The page makes this anew for another feed.
  // eslint-disable-next-line solid/reactivity
  const { curator, kind, name } = props.spec;
  const feed = useFeeds()({ kind, curator, name });
  const key = { curator, name };
  const live = createLiveValue(api, "curated", () => key);
  const link = () => `web+mehr:feed/?${sharedParameters({ kind, curator, name }, null) ?? ""}`;
  createTitle(() => displayLine(name));
  return (
    <>
      <header class="masthead grid gap-3">
        <div>
          <p class="text-xs text-faint">{t("feeds.kind.curated")}</p>
          <h1 class="isolate-text" dir="auto">
            {displayLine(name)}
          </h1>
        </div>
        <Show when={live.value()}>{(view) => <CuratedHead view={view()} />}</Show>
        <div class="flex flex-wrap gap-2">
          <Show when={live.value()}>{(view) => <Choices view={view()} />}</Show>
          <CopyButton text={link()} label={t("feeds.share")} done={t("app.linkCopied")} icon="link" />
        </div>
      </header>
      <Show when={live.value()}>{(view) => <HeldFeeds view={view()} />}</Show>
      <Show
        when={live.error() === undefined}
        fallback={<UnreadableNote of={asOne(live, feed)} title={t("unreadable.feed")} />}
      >
        <FeedList
          feed={feed}
          label={t("feed.label")}
          readAs={live.value()?.kept ?? undefined}
          empty={
            <Show when={!holdsOnlyFeeds(live.value())}>
              <StateNote
                title={t("feeds.empty.curated.title")}
                text={t(emptyText(live.value()))}
                role={live.value()?.state === "looking" ? "status" : undefined}
              />
            </Show>
          }
        />
      </Show>
    </>
  );
}

function emptyText(
  view: CuratedView | undefined,
): `feeds.empty.curated.${"looking" | "missing" | "here"}` | "curated.empty" {
  if (view?.state === "here" && view.count === 0) return "curated.empty";
  return `feeds.empty.curated.${view?.state ?? "looking"}`;
}

/** Following, or changing one's own, and putting it into another feed of one's own. */
function Choices(props: { view: CuratedView }): JSX.Element {
  const { t } = useI18n();
  const { run } = useActions();
  const [isOpen, setOpen] = createSignal(false);

  async function follow(): Promise<void> {
    const { curator, kept, name } = props.view;
    const words = `\u2068${displayLine(name)}\u2069`;
    if (kept !== null) {
      if (await run((api) => api.removeFeed(kept))) notify(t("feeds.removed", { name: words }));
      return;
    }
    const spec = { kind: "curated", curator, name } as const;
    if (await run((api) => api.saveFeed({ spec }))) notify(t("feeds.saved", { name: words }));
  }

  return (
    <>
      <Show
        when={!props.view.own}
        fallback={
          <A class="button button-small button-primary" href={curateHref(props.view.name)}>
            <Icon name="write" small />
            {t("feeds.change")}
          </A>
        }
      >
        <button
          type="button"
          class="button button-small"
          classList={{ "button-primary": props.view.kept === null }}
          aria-pressed={props.view.kept !== null}
          onClick={() => void follow()}
        >
          {t(props.view.kept === null ? "explore.follow" : "explore.following")}
        </button>
      </Show>
      <Show when={props.view.state === "here"}>
        <button type="button" class="button button-small" onClick={() => setOpen(true)}>
          <Icon name="curated" small />
          {t("curate.button")}
        </button>
        <Show when={isOpen()}>
          <Dialog title={t("curate.titleFeed")} onClose={() => setOpen(false)}>
            <Suspense fallback={<p role="status">{t("reach.waiting")}</p>}>
              <CurateSheet
                curated={{ curator: props.view.curator, name: props.view.name }}
                onDone={() => setOpen(false)}
              />
            </Suspense>
          </Dialog>
        </Show>
      </Show>
    </>
  );
}
