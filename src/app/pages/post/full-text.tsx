/** The full text of a post: shown when it is held here, fetched when the person asks. */
import { createEffect, createSignal, For, type JSX, Match, on, onCleanup, Show, Switch, untrack } from "solid-js";
import type { EnvelopeView, PostView } from "../../../peer/api.ts";
import { shortId } from "../../text/display.ts";
import { safeHref } from "../../text/links.ts";
import { splitByline } from "../../text/byline.ts";
import { splitNotes } from "../../text/notes.ts";
import { LINK_REL, RichText } from "../../components/rich-text/index.tsx";
import { Guarded } from "../../components/guard/index.tsx";
import { authorOf, personName } from "../../text/people.ts";
import { StateNote } from "../../components/state-note/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useConnection } from "../../state/connection.tsx";
import { codeOf } from "../../state/errors.ts";
import { useSession } from "../../state/session.tsx";
import { Attachments } from "./attachments/index.tsx";

type Fetch =
  | { readonly kind: "closed" }
  | { readonly kind: "fetching" }
  | { readonly kind: "open"; readonly post: PostView }
  /** `lasting`: whoever else is asked will give the same. */
  | { readonly kind: "failed"; readonly code: string; readonly lasting?: true };

/** Lines of the skeleton: 90 bytes fill a line of the measure in most scripts. */
const BYTES_PER_LINE = 90;
const MOST_LINES = 14;

function Skeleton(props: { size: number }): JSX.Element {
  const lines = () => Math.min(MOST_LINES, Math.max(2, Math.ceil(props.size / BYTES_PER_LINE)));
  return (
    <div class="max-w-measure" aria-hidden="true">
      <For each={Array.from({ length: lines() })}>
        {(_, index) => (
          <div class="flex h-7 items-center">
            <div class="bone h-4" classList={{ "w-full": index() < lines() - 1, "w-1/2": index() === lines() - 1 }} />
          </div>
        )}
      </For>
    </div>
  );
}

function Links(props: { links: readonly string[] }): JSX.Element {
  const { t } = useI18n();
  const safe = () =>
    props.links.flatMap((link) => {
      const href = safeHref(link);
      return href === null ? [] : [href];
    });
  return (
    <Show when={safe().length > 0}>
      <h2 class="mt-6 text-base">{t("post.links")}</h2>
      <ul>
        <For each={safe()}>
          {(href) => (
            <li>
              <a class="link" href={href} rel={LINK_REL} target="_blank">
                <bdi dir="ltr">{href}</bdi>
              </a>
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}

/** Links come and go by the dozen when a peer starts; each of them may be asked, but not each by itself. */
const AGAIN_PAUSE = 2_000;

/** Before it is asked for once more, with nobody new to ask, in ms: twice as long each time. */
const FIRST_PATIENCE = 5_000;
const LONGEST_PATIENCE = 120_000;

const CURED_BY_A_LINK: ReadonlySet<string> = new Set(["OFFLINE", "NOT_FOUND", "TIMEOUT"]);

function Failure(props: { code: string; retry: () => void }): JSX.Element {
  const { t } = useI18n();
  const kind = () => {
    if (props.code === "NOT_FOUND") return "missing";
    if (props.code === "OFFLINE") return "offline";
    if (props.code === "TIMEOUT") return "timeout";
    return "failed";
  };
  return (
    <StateNote title={t(`post.${kind()}.title`)} text={t(`post.${kind()}.text`, { code: props.code })} role="status">
      <button type="button" class="button" onClick={() => props.retry()}>
        {t("app.retry")}
      </button>
    </StateNote>
  );
}

export function FullText(props: {
  envelope: EnvelopeView;
  /** The person asked for the text on the way here. */
  wanted: boolean;
  /** `null` while it is closed. */
  onPost: (post: PostView | null) => void;
}): JSX.Element {
  const { t, bytes } = useI18n();
  const { api } = useConnection();
  const { status } = useSession();
  const [state, setState] = createSignal<Fetch>({ kind: "closed" });
  let running: AbortController | undefined;
  let askedAt = 0;
  let patience = FIRST_PATIENCE;
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => {
    clearTimeout(timer);
    running?.abort();
  });

  /** Most posts come from their authors, whose names are known. */
  const nameOf = (id: string) => (id === props.envelope.author ? personName(authorOf(props.envelope)) : shortId(id));

  /** Who made it stands above already; notes stand below, with what they are about. */
  const wordsOf = (text: string) => splitNotes(props.envelope, splitByline(props.envelope.kind, text).rest).rest;

  const linked = () => (status()?.state === "online" ? (status()?.peers ?? 0) : 0);
  /** Somebody more is linked, who may have what could not be had: it was wanted already. */
  function askAgain(): void {
    const current = untrack(state);
    if (current.kind !== "failed" || current.lasting === true || !CURED_BY_A_LINK.has(current.code)) return;
    clearTimeout(timer);
    timer = setTimeout(() => void fetchPost(false), Math.max(0, askedAt + AGAIN_PAUSE - performance.now()));
  }
  /** Whoever could not answer in time may be able to later. */
  function askLater(): void {
    timer = setTimeout(() => void fetchPost(false), patience);
    patience = Math.min(2 * patience, LONGEST_PATIENCE);
  }
  /** @param visibly whether a person wants to see that it is being fetched: otherwise what failed stays in view meanwhile */
  async function fetchPost(visibly = true): Promise<void> {
    const { postHash } = props.envelope;
    const peer = api();
    if (postHash === null || !peer) return;
    running?.abort();
    const controller = new AbortController();
    running = controller;
    clearTimeout(timer);
    askedAt = performance.now();
    if (visibly) setState({ kind: "fetching" });
    const asked = untrack(linked);
    try {
      const post = await peer.post(postHash, { signal: controller.signal });
      if (controller.signal.aborted) return;
      // Anybody can name a post of others in an envelope: it must not be shown under another name.
      if (post.author !== props.envelope.author) {
        setState({ kind: "failed", code: "NOT_FOUND", lasting: true });
        return;
      }
      setState({ kind: "open", post });
      props.onPost(post);
    } catch (error) {
      if (controller.signal.aborted) return;
      const code = codeOf(error);
      setState({ kind: "failed", code });
      if (untrack(linked) > asked) askAgain();
      else if (CURED_BY_A_LINK.has(code) && untrack(linked) > 0) askLater();
    }
  }
  function cancel() {
    running?.abort();
    setState({ kind: "closed" });
  }

  createEffect(
    on(
      () => [props.envelope.hash, props.envelope.held] as const,
      ([hash, held], before) => {
        const other = before?.[0] !== hash;
        if (other) {
          clearTimeout(timer);
          running?.abort();
          setState({ kind: "closed" });
          props.onPost(null);
        }
        // A text that is whole in its envelope stands above already.
        if (props.envelope.whole) return;
        const asked = other && untrack(() => props.wanted);
        if (asked || (held && untrack(state).kind === "closed")) void fetchPost();
      },
    ),
  );

  createEffect(
    on(linked, (peers, before = 0) => {
      if (peers <= before) return;
      patience = FIRST_PATIENCE;
      askAgain();
    }),
  );

  return (
    <div class="full-text" aria-busy={state().kind === "fetching"}>
      <Switch>
        <Match when={props.envelope.whole || props.envelope.postHash === null}>{null}</Match>
        <Match when={state().kind === "closed"}>
          <button type="button" class="button button-primary" onClick={() => void fetchPost()}>
            {t("envelope.read", { size: bytes(props.envelope.contentSize) })}
          </button>
        </Match>
        <Match when={state().kind === "fetching"}>
          <p class="visually-hidden" role="status">
            {t("post.fetching")}
          </p>
          <Skeleton size={props.envelope.contentSize} />
          <button type="button" class="button button-small mt-4" onClick={cancel}>
            {t("app.cancel")}
          </button>
        </Match>
        <Match when={((current) => (current.kind === "failed" ? current.code : undefined))(state())}>
          {(code) => <Failure code={code()} retry={() => void fetchPost()} />}
        </Match>
        <Match when={((current) => (current.kind === "open" ? current.post : undefined))(state())}>
          {(post) => (
            <div class="reading" data-part="text">
              <Show
                when={post().text}
                fallback={<Show when={post().media.length === 0}>{<p class="text-faint">{t("post.empty")}</p>}</Show>}
              >
                {(text) => <RichText text={wordsOf(text())} />}
              </Show>
              <Guarded envelope={props.envelope} what="media">
                <Attachments envelope={props.envelope} post={post()} />
              </Guarded>
              <Links links={post().links} />
              <Show when={post().from !== "here"}>
                <p class="mt-6 font-sans text-xs text-faint">
                  {t("post.from", { name: `\u2068${nameOf(post().from)}\u2069` })}
                </p>
              </Show>
            </div>
          )}
        </Match>
      </Switch>
    </div>
  );
}
