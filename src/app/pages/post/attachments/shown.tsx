/** One picture, track or film, fetched with its post and shown by what its bytes are. */
import { createEffect, createSignal, type JSX, Match, on, onCleanup, Show, Switch } from "solid-js";
import type { MediaHintView } from "../../../../peer/api.ts";
import { familyOf } from "../../../../wire/family.ts";
import { showingOf, type Showing } from "../../../../wire/media.ts";
import { Blur } from "../../../components/pictures/index.tsx";
import { useI18n } from "../../../i18n/index.tsx";
import { useConnection } from "../../../state/connection.tsx";
import { codeOf } from "../../../state/errors.ts";
import { useSession } from "../../../state/session.tsx";
import { aboutOf, clockText, titledOf } from "../../../text/kinds.ts";
import { FileToSave } from "./file.tsx";
import { failureKey } from "./failure.ts";

type State =
  | { readonly kind: "fetching" }
  | { readonly kind: "shown"; readonly showing: Showing; readonly url: string }
  /** The bytes are something else, or cannot be decoded. */
  | { readonly kind: "other" }
  | { readonly kind: "failed"; readonly code: string };

export interface MediumProps {
  /** Post hash. */
  readonly post: string;
  readonly hash: string;
  readonly hint: MediaHintView;
}

export function ShownMedium(props: MediumProps): JSX.Element {
  const { t } = useI18n();
  const { api } = useConnection();
  const { status } = useSession();
  const [state, setState] = createSignal<State>({ kind: "fetching" });
  const isPicture = () => familyOf(props.hint.contentType) === "picture";
  let running: AbortController | undefined;
  let url: string | undefined;
  const release = () => {
    running?.abort();
    if (url !== undefined) URL.revokeObjectURL(url);
    url = undefined;
  };
  onCleanup(release);

  async function load(): Promise<void> {
    const peer = api();
    if (!peer) return;
    release();
    const controller = new AbortController();
    running = controller;
    setState({ kind: "fetching" });
    try {
      const bytes = await peer.attachment({ hash: props.hash, post: props.post, signal: controller.signal });
      if (controller.signal.aborted) return;
      const showing = showingOf(props.hint.contentType, bytes);
      if (showing === null) {
        setState({ kind: "other" });
        return;
      }
      // The type that the bytes have, not the one that somebody says: a blob's address is an address of this site.
      url = URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type: showing.type }));
      setState({ kind: "shown", showing, url });
    } catch (error) {
      if (!controller.signal.aborted) setState({ kind: "failed", code: codeOf(error) });
    }
  }

  createEffect(on([api, () => props.hash], () => void load()));
  // What could not be had without a network is asked for again when there is one.
  createEffect(
    on(
      () => status()?.state,
      (now) => {
        const current = state();
        if (now === "online" && current.kind === "failed" && current.code === "OFFLINE") void load();
      },
      { defer: true },
    ),
  );

  const shown = () => {
    const current = state();
    return current.kind === "shown" ? current : undefined;
  };
  const failed = () => {
    const current = state();
    return current.kind === "failed" ? current : undefined;
  };
  return (
    <Switch>
      <Match when={state().kind === "other"}>
        <FileToSave post={props.post} hash={props.hash} hint={props.hint} isOther />
      </Match>
      <Match when={failed()}>
        {(failure) => (
          <div class="attachment-file" role="status">
            <p class="text-sm">{t(failureKey(failure().code), { code: failure().code })}</p>
            <button type="button" class="button button-small" onClick={() => void load()}>
              {t("app.retry")}
            </button>
          </div>
        )}
      </Match>
      <Match when={isPicture()}>
        <Picture hint={props.hint} shown={shown()} onBroken={() => setState({ kind: "other" })} />
      </Match>
      <Match when={true}>
        <Player hint={props.hint} shown={shown()} />
      </Match>
    </Switch>
  );
}

interface Shown {
  readonly showing: Showing;
  readonly url: string;
}

function Picture(props: { hint: MediaHintView; shown: Shown | undefined; onBroken: () => void }): JSX.Element {
  const words = () => titledOf(props.hint).title;
  return (
    <figure class="attachment" aria-busy={props.shown === undefined}>
      <Show when={props.shown} fallback={<Blur blurhash={props.hint.blurhash} class="attachment-blur" />}>
        {(shown) => (
          <img
            class="attachment-picture"
            src={shown().url}
            alt={words()}
            width={shown().showing.width}
            height={shown().showing.height}
            decoding="async"
            onError={() => props.onBroken()}
          />
        )}
      </Show>
      <Show when={words()}>
        {/* Screen readers have it as the text of the picture. */}
        <figcaption class="isolate-text" dir="auto" aria-hidden="true">
          {words()}
        </figcaption>
      </Show>
    </figure>
  );
}

function Player(props: { hint: MediaHintView; shown: Shown | undefined }): JSX.Element {
  const { t } = useI18n();
  const titled = () => titledOf(props.hint);
  const name = () => titled().title || t("attachments.untitled");
  return (
    <div class="attachment" aria-busy={props.shown === undefined}>
      <p class="attachment-title">
        <span class="isolate-text" dir="auto">
          {name()}
        </span>
        <Show when={titled().seconds !== null}>
          <span class="media-length">{clockText(titled().seconds ?? 0)}</span>
        </Show>
      </p>
      <Show when={aboutOf(props.hint)}>
        {(about) => (
          <p class="attachment-words isolate-text" dir="auto">
            {about()}
          </p>
        )}
      </Show>
      <div class="attachment-player">
        <Show when={props.shown}>
          {(shown) => (
            <Show
              when={shown().showing.family === "video"}
              fallback={<audio controls preload="metadata" src={shown().url} aria-label={name()} />}
            >
              {/* Captions would be a file of their own, which posts do not carry yet. */}
              <video controls preload="metadata" playsinline src={shown().url} aria-label={name()} />
            </Show>
          )}
        </Show>
      </div>
    </div>
  );
}
