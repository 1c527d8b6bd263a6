/** An entry of one's own feed: what it is, what one says of it, and its place. */
import { A } from "@solidjs/router";
import { createEffect, createMemo, createSignal, createUniqueId, type JSX, Match, on, Show, Switch } from "solid-js";
import type { CuratedEntryView, EnvelopeView } from "../../../peer/api.ts";
import { CuratedNote } from "../../components/curated/note.tsx";
import { Icon } from "../../components/icon/index.tsx";
import { personName } from "../../components/person/index.tsx";
import { isCovered, titleOf } from "../../components/post-line/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useActions } from "../../state/actions.ts";
import { useConnection } from "../../state/connection.tsx";
import { createLiveValue } from "../../state/live.ts";
import { curatedHref } from "../../text/curated-links.ts";
import { displayLine } from "../../text/display.ts";

const MOST_NOTE = 280;

export function Entry(props: {
  /** Name of the feed in which it stands. */
  feed: string;
  entry: CuratedEntryView;
  envelope: EnvelopeView | undefined;
  /** Whether lists have had their say about this place of the feed: what is here and has no envelope was left out by them. */
  isListed: boolean;
  place: number;
  count: number;
  /** By which it is dragged. */
  handle: JSX.Element;
  isDragged: boolean;
  ref: (element: HTMLLIElement) => void;
  onMove: (to: number) => void;
  onRemove: () => void;
}): JSX.Element {
  const { t, number } = useI18n();
  const { run } = useActions();
  const noteId = createUniqueId();
  const { api } = useConnection();
  /** What lists leave out stands here nevertheless: who made the feed has to know what is in it. */
  const unlisted = createMemo(() =>
    props.isListed && props.entry.here && props.entry.feed === null && props.envelope === undefined
      ? { hash: props.entry.postHash }
      : undefined,
  );
  const alone = createLiveValue(api, "envelope", () => unlisted());
  const envelope = () => props.envelope ?? alone.value() ?? undefined;
  /** It is here, and nothing of it is shown: that is so for people who are blocked. */
  const isBlocked = () => unlisted() !== undefined && alone.value() === null;
  /** What is being typed; `undefined` while nobody changes the note. */
  const [typed, setTyped] = createSignal<string>();
  const title = () => {
    if (props.entry.feed !== null) return displayLine(props.entry.feed.name);
    const post = envelope();
    if (post && isCovered(post)) return t("graph.muted");
    return (post && titleOf(post)) || t("curate.entry.unknown", { place: number(props.place + 1) });
  };
  let pressed: HTMLButtonElement | undefined;
  let noteButton!: HTMLButtonElement;
  function step(to: number, button: HTMLButtonElement) {
    pressed = button;
    props.onMove(to);
  }
  // The row keeps its element; a button that changes places with it loses the focus, which the person needs there.
  createEffect(
    on(
      () => props.place,
      () => {
        pressed?.focus();
        pressed = undefined;
      },
      { defer: true },
    ),
  );

  async function save(): Promise<void> {
    const held = props.entry.feed;
    const what =
      held === null ? { post: props.entry.postHash } : { curated: { curator: held.curator, name: held.name } };
    const input = { feed: props.feed, note: typed() ?? "", ...what };
    if (await run((peer) => peer.curate(input))) closeNote();
  }
  function closeNote() {
    setTyped(undefined);
    noteButton.focus();
  }

  return (
    <li
      class="curate-entry"
      data-post={props.entry.postHash}
      data-dragged={props.isDragged ? "" : undefined}
      ref={(element) => props.ref(element)}
    >
      {props.handle}
      <div class="curate-entry-text">
        <Switch
          fallback={
            <p class="row-name" dir="auto">
              {title()}
            </p>
          }
        >
          <Match when={props.entry.feed}>
            {(feed) => (
              <A class="row-name" href={curatedHref(feed())} dir="auto">
                {title()}
              </A>
            )}
          </Match>
          <Match when={envelope()}>
            {(post) => (
              <A class="row-name" href={`/p/${post().hash}`} dir="auto">
                {title()}
              </A>
            )}
          </Match>
        </Switch>
        <p class="text-xs text-faint">
          <Switch fallback={props.entry.here ? "" : t("curate.entry.away")}>
            <Match when={props.entry.feed}>
              {(feed) => t("curated.by", { name: `\u2068${personName(feed().curator, feed().curatorName)}\u2069` })}
            </Match>
            <Match when={envelope()}>{(post) => <bdi>{personName(post().author, post().authorName)}</bdi>}</Match>
            <Match when={isBlocked()}>{t("curate.entry.blocked")}</Match>
          </Switch>
        </p>
        <Show
          when={typed() !== undefined}
          fallback={<Show when={props.entry.note}>{(note) => <CuratedNote note={note()} />}</Show>}
        >
          <form
            class="mt-2 grid gap-2"
            onSubmit={(event) => {
              event.preventDefault();
              void save();
            }}
          >
            <label class="visually-hidden" for={noteId}>
              {t("curate.note")}
            </label>
            <textarea
              id={noteId}
              class="input"
              dir="auto"
              rows={3}
              maxlength={MOST_NOTE}
              value={typed()}
              ref={(element) => queueMicrotask(() => element.focus())}
              onInput={(event) => setTyped(event.currentTarget.value)}
            />
            <div class="flex flex-wrap gap-2">
              <button type="submit" class="button button-small button-primary">
                {t("curate.saveNote")}
              </button>
              <button type="button" class="button button-small button-quiet" onClick={closeNote}>
                {t("app.cancel")}
              </button>
            </div>
          </form>
        </Show>
      </div>
      <div class="curate-entry-acts">
        <button
          type="button"
          class="icon-button"
          aria-label={t("curate.entry.up", { title: title() })}
          // Not disabled: a button at the top that loses the focus would lose the person's place.
          aria-disabled={props.place === 0}
          onClick={(event) => step(props.place - 1, event.currentTarget)}
        >
          <Icon name="up" />
        </button>
        <button
          type="button"
          class="icon-button"
          aria-label={t("curate.entry.down", { title: title() })}
          aria-disabled={props.place === props.count - 1}
          onClick={(event) => step(props.place + 1, event.currentTarget)}
        >
          <Icon name="down" />
        </button>
        <button
          type="button"
          class="icon-button"
          ref={noteButton}
          aria-label={t("curate.entry.note", { title: title() })}
          aria-expanded={typed() !== undefined}
          onClick={() => setTyped(typed() === undefined ? (props.entry.note ?? "") : undefined)}
        >
          <Icon name="write" />
        </button>
        <button
          type="button"
          class="icon-button"
          aria-label={t("curate.entry.remove", { title: title() })}
          onClick={() => props.onRemove()}
        >
          <Icon name="close" />
        </button>
      </div>
    </li>
  );
}
