/** An entry of one's own feed: what it is, what one says of it, and its place. */
import { A } from "@solidjs/router";
import { createEffect, createMemo, createUniqueId, type JSX, Match, on, Show, Switch } from "solid-js";
import type { CuratedEntryView } from "../../../peer/api.ts";
import { CuratedNote } from "../../components/curated/note.tsx";
import { Icon } from "../../components/icon/index.tsx";
import { AlikeMark, PersonName } from "../../components/person/index.tsx";
import { isCovered, titleOf } from "../../components/post-line/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useActions } from "../../state/actions.ts";
import { useConnection } from "../../state/connection.tsx";
import { createLiveValue } from "../../state/live.ts";
import { curatedHref } from "../../text/curated-links.ts";
import { displayLine } from "../../text/display.ts";
import { authorOf, curatorOf, isolatedName } from "../../text/people.ts";

const MOST_NOTE = 280;

export function Entry(props: {
  /** Name of the feed in which it stands. */
  feed: string;
  entry: CuratedEntryView;
  place: number;
  count: number;
  /** The note that is being typed; `undefined` while nobody changes it. */
  typed: string | undefined;
  onType: (note: string | undefined) => void;
  /** By which it is dragged. */
  handle: JSX.Element;
  isDragged: boolean;
  ref: (element: HTMLElement) => void;
  onMove: (to: number) => void;
  onRemove: () => void;
}): JSX.Element {
  const { t, number } = useI18n();
  const { run } = useActions();
  const noteId = createUniqueId();
  const { api } = useConnection();
  const hash = createMemo(() => props.entry.envelope);
  /** What lists leave out stands here nevertheless: who made the feed has to know what is in it. */
  const wanted = createMemo(() => {
    const found = hash();
    return found === null ? undefined : { hash: found };
  });
  const live = createLiveValue(api, "envelope", () => wanted());
  const envelope = () => live.value() ?? undefined;
  /** It is here, and nothing of it is shown: that is so for people who are blocked. */
  const isBlocked = () => props.entry.here && props.entry.feed === null && hash() === null;
  const title = () => {
    if (props.entry.feed !== null) return displayLine(props.entry.feed.name);
    const post = envelope();
    if (post && isCovered(post)) return t("graph.muted");
    return (post && titleOf(post)) || t("curate.entry.unknown", { place: number(props.place + 1) });
  };
  let pressed: HTMLButtonElement | undefined;
  let noteButton!: HTMLButtonElement;
  /** A note that comes back to the page with its row takes no focus. */
  let isOpening = false;
  function step(to: number, button: HTMLButtonElement) {
    // Nothing comes of it, and a later move by somebody else would take the focus here.
    if (to < 0 || to >= props.count) return;
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
    const input = { feed: props.feed, note: props.typed ?? "", ...what };
    if (await run((peer) => peer.curate(input))) closeNote();
  }
  function turnNote() {
    isOpening = props.typed === undefined;
    props.onType(isOpening ? (props.entry.note ?? "") : undefined);
  }
  function closeNote() {
    props.onType(undefined);
    noteButton.focus();
  }

  return (
    <div
      role="listitem"
      aria-posinset={props.place + 1}
      aria-setsize={props.count}
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
        <p class="curate-entry-by text-xs text-faint">
          <Switch fallback={props.entry.here ? "" : t("curate.entry.away")}>
            <Match when={props.entry.feed}>
              {(feed) => (
                <>
                  {t("curated.by", { name: isolatedName(curatorOf(feed())) })} <AlikeMark of={curatorOf(feed())} />
                </>
              )}
            </Match>
            <Match when={envelope()}>{(post) => <PersonName of={authorOf(post())} />}</Match>
            <Match when={isBlocked()}>{t("curate.entry.blocked")}</Match>
          </Switch>
        </p>
        <Show
          when={props.typed !== undefined}
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
              value={props.typed}
              ref={(element) => {
                if (isOpening) queueMicrotask(() => element.focus());
                isOpening = false;
              }}
              onInput={(event) => props.onType(event.currentTarget.value)}
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
          aria-expanded={props.typed !== undefined}
          onClick={turnNote}
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
    </div>
  );
}
