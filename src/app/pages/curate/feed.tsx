/** One's own curated feed: what it says of itself, and its entries in their order. */
import { A, useNavigate, useSearchParams } from "@solidjs/router";
import { createMemo, createSignal, type JSX, Show } from "solid-js";
import type { CuratedInput } from "../../../peer/api.ts";
import { CopyButton } from "../../components/copy-button/index.tsx";
import { CuratedHead } from "../../components/curated/head.tsx";
import { Icon } from "../../components/icon/index.tsx";
import { ListSkeleton } from "../../components/list-skeleton/index.tsx";
import { PageHead } from "../../components/page-head/index.tsx";
import { UnreadableNote } from "../../components/unreadable-note/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useActions } from "../../state/actions.ts";
import { useConnection } from "../../state/connection.tsx";
import { type Asking, asOne, createLiveRows, createLiveValue } from "../../state/live.ts";
import { notify } from "../../state/notices.ts";
import { useSession } from "../../state/session.tsx";
import { createTitle } from "../../state/title.ts";
import { curatedHref, curateHref } from "../../text/curated-links.ts";
import { displayLine } from "../../text/display.ts";
import { sharedParameters } from "../../text/feed-links.ts";
import { Entries } from "./entries.tsx";
import { FeedFields } from "./fields.tsx";
import { Rename } from "./rename.tsx";

/** Sixty-four pages, more than a feed has room for: its entries come whole, and what each of them is as it comes near the screen. */
const ALL = 16_384;

export default function CurateFeed(): JSX.Element {
  const { identity } = useSession();
  const [query] = useSearchParams<{ name?: string }>();
  const key = createMemo(
    () => {
      const [id, name] = [identity()?.id, query.name];
      return id === undefined || name === undefined || name === "" ? undefined : { curator: id, name };
    },
    undefined,
    { equals: (a, b) => a?.curator === b?.curator && a?.name === b?.name },
  );
  createTitle(() => displayLine(query.name ?? ""));
  return (
    <Show when={key()} keyed>
      {(found) => <Editor curator={found.curator} name={found.name} />}
    </Show>
  );
}

function Editor(props: { curator: string; name: string }): JSX.Element {
  const { t } = useI18n();
  const { api } = useConnection();
  const { run } = useActions();
  const navigate = useNavigate();
  // The page makes this anew for another feed.
  /* eslint-disable solid/reactivity */
  const { curator, name } = props;
  /* eslint-enable solid/reactivity */
  const words = `\u2068${displayLine(name)}\u2069`;
  const wanted = { curator, name, limit: ALL };
  const live = createLiveValue(api, "curated", () => wanted);
  const view = live.value;
  const own = createLiveRows(
    api,
    "ownCurated",
    () => ({}),
    (row) => row.name,
  );
  const spec = { kind: "curated", curator, name } as const;
  const whole = asOne(live, own);
  const isThere = () => own.rows().some((row) => row.name === name);
  const [isChanging, setChanging] = createSignal(false);
  let changeButton: HTMLButtonElement | undefined;

  function leaveChanging() {
    setChanging(false);
    changeButton?.focus();
  }

  async function save(input: CuratedInput): Promise<void> {
    await api()?.saveCurated(input);
    leaveChanging();
    notify(t("feeds.kept"));
  }

  async function rename(to: string): Promise<void> {
    const made = await api()?.renameCurated({ name, to });
    if (made === undefined || made.name === name) return;
    notify(t("curate.renamed", { name: words }));
    navigate(curateHref(made.name), { replace: true });
  }

  async function close(): Promise<void> {
    if (!(await run((peer) => peer.closeCurated(name)))) return;
    notify(t("curate.closed", { name: words }));
    navigate("/curate", { replace: true });
  }

  return (
    <Show
      when={isThere()}
      fallback={
        <Show when={own.ready()} fallback={<Waiting name={name} of={whole} />}>
          <PageHead title={t("curate.unknown.title")} lead={t("curate.unknown.text")} />
          <div class="page pt-6">
            <A class="button" href="/curate">
              {t("curate.pages")}
            </A>
          </div>
        </Show>
      }
    >
      <Show when={view()} fallback={<Waiting name={name} of={whole} />}>
        {(feed) => (
          <>
            <header class="masthead grid gap-3">
              <div>
                <Heading name={name} />
              </div>
              <Show
                when={isChanging()}
                fallback={
                  <>
                    <CuratedHead view={feed()} />
                    <div class="flex flex-wrap gap-2">
                      <button
                        type="button"
                        class="button button-small"
                        ref={(element) => (changeButton = element)}
                        onClick={() => setChanging(true)}
                      >
                        <Icon name="write" small />
                        {t("curate.change")}
                      </button>
                      <A class="button button-small" href={curatedHref({ curator, name })}>
                        {t("curate.asOthers")}
                      </A>
                      <CopyButton
                        text={`web+mehr:feed/?${sharedParameters(spec, null) ?? ""}`}
                        label={t("feeds.share")}
                        done={t("app.linkCopied")}
                        icon="link"
                      />
                    </div>
                  </>
                }
              >
                <FeedFields feed={feed()} onSave={save} onCancel={leaveChanging} />
              </Show>
            </header>
            <UnreadableNote of={whole} title={t("unreadable.feed")} />
            <div class="page">
              <section class="section" aria-labelledby="curate-entries">
                <h2 id="curate-entries">{t("curate.entries")}</h2>
                <Entries view={feed()} labelledBy="curate-entries" />
              </section>
              <section class="section" aria-labelledby="curate-rename">
                <h2 id="curate-rename">{t("curate.rename")}</h2>
                <p class="max-w-measure text-sm text-soft">{t("curate.rename.text")}</p>
                <Rename onRename={rename} />
              </section>
              <section class="section">
                <h2>{t("curate.close")}</h2>
                <p class="max-w-measure text-sm text-soft">{t("curate.close.text")}</p>
                <Close name={displayLine(name)} onClose={() => void close()} />
              </section>
            </div>
          </>
        )}
      </Show>
    </Show>
  );
}

/** Which feed it is, and the way back to all of them. */
function Heading(props: { name: string }): JSX.Element {
  const { t } = useI18n();
  return (
    <>
      <p class="text-xs text-faint">
        <A class="link" href="/curate">
          {t("curate.pages")}
        </A>
      </p>
      <h1 class="isolate-text" dir="auto">
        {displayLine(props.name)}
      </h1>
    </>
  );
}

/** Until it is here, and where it cannot be read. */
function Waiting(props: { name: string; of: Asking }): JSX.Element {
  const { t } = useI18n();
  return (
    <>
      <header class="masthead">
        <Heading name={props.name} />
      </header>
      <Show
        when={props.of.error() === undefined}
        fallback={<UnreadableNote of={props.of} title={t("unreadable.feed")} />}
      >
        <div class="page">
          <ListSkeleton label={t("reach.waiting")} />
        </div>
      </Show>
    </>
  );
}

/** It cannot be undone: the order and the notes are gone for everybody. */
function Close(props: { name: string; onClose: () => void }): JSX.Element {
  const { t } = useI18n();
  const [isSure, setSure] = createSignal(false);
  return (
    <div class="mt-3 flex flex-wrap gap-2">
      <Show
        when={isSure()}
        fallback={
          <button type="button" class="button" onClick={() => setSure(true)}>
            {t("curate.close")}
          </button>
        }
      >
        <button type="button" class="button button-danger" onClick={() => props.onClose()}>
          {t("curate.close.sure", { name: `\u2068${props.name}\u2069` })}
        </button>
        <button type="button" class="button button-quiet" onClick={() => setSure(false)}>
          {t("app.cancel")}
        </button>
      </Show>
    </div>
  );
}
