/** Which of one's feeds a post goes into, and what one says of it. Nothing is done before a button says so. */
import { createEffect, createSignal, createUniqueId, For, type JSX, on, Show } from "solid-js";
import type { Curated, OwnCuratedView } from "../../../peer/api.ts";
import { useI18n } from "../../i18n/index.tsx";
import { useActions } from "../../state/actions.ts";
import { useConnection } from "../../state/connection.tsx";
import { codeOf } from "../../state/errors.ts";
import { createLiveRows } from "../../state/live.ts";
import { notify } from "../../state/notices.ts";
import { displayLine } from "../../text/display.ts";
import { CuratedNameField } from "../curated/name-field.tsx";
import { UnreadableNote } from "../unreadable-note/index.tsx";

const MOST_NOTE = 280;
/** The choice of a feed that is not there yet. */
const NEW = "";

export default function CurateSheet(props: {
  /** A post, or a curated feed by what stands for it. */
  post?: string;
  curated?: { readonly curator: string; readonly name: string };
  onDone: () => void;
}): JSX.Element {
  const { t, number } = useI18n();
  const { api } = useConnection();
  const { run } = useActions();
  const ids = { note: createUniqueId(), group: createUniqueId() };
  const live = createLiveRows(
    api,
    "ownCurated",
    () => (props.post === undefined ? {} : { post: props.post }),
    (row) => row.name,
  );
  // A feed does not stand in itself.
  const feeds = () => live.rows().filter(({ name, own }) => !(own && props.curated?.name === name && isOwn()));
  const isOwn = () => live.rows()[0]?.curator === props.curated?.curator;
  const [chosen, setChosen] = createSignal<string>();
  const [note, setNote] = createSignal("");
  const [name, setName] = createSignal("");
  const [problem, setProblem] = createSignal<string>();
  const [isBusy, setBusy] = createSignal(false);
  const feed = () => feeds().find((row) => row.name === chosen());

  // The one where it is, else the only one there is; with none, a new one.
  createEffect(
    on(
      () => live.ready(),
      (ready) => {
        if (!ready || chosen() !== undefined) return;
        const first = feeds().find(({ includes }) => includes) ?? (feeds().length === 1 ? feeds()[0] : undefined);
        if (first) choose(first);
        else if (feeds().length === 0) setChosen(NEW);
      },
    ),
  );

  function choose(row: OwnCuratedView) {
    // What was typed for one feed may be meant for another; what stands in a feed is shown.
    if (row.includes && (note().trim() === "" || note() === (feed()?.note ?? ""))) setNote(row.note ?? "");
    setChosen(row.name);
    setProblem(undefined);
  }
  const entry = (): Curated =>
    props.curated === undefined ? { post: props.post ?? "" } : { curated: { ...props.curated } };

  async function add(): Promise<void> {
    const peer = api();
    const target = chosen() === NEW ? name().trim() : chosen();
    if (!peer || target === undefined) return;
    if (target === "") {
      setProblem(t("curate.nameless"));
      return;
    }
    setBusy(true);
    try {
      const into = chosen() === NEW ? (await peer.saveCurated({ name: target })).name : target;
      await peer.curate({ feed: into, note: note(), ...entry() });
      notify(t("curate.done", { name: `\u2068${displayLine(into)}\u2069` }));
      props.onDone();
    } catch (error) {
      const code = codeOf(error);
      setProblem(KNOWN.has(code) ? t(`curate.failed.${code as KnownCode}`) : t("settings.failed", { code }));
    } finally {
      setBusy(false);
    }
  }

  async function remove(row: OwnCuratedView): Promise<void> {
    const { name: from, note: before } = row;
    const post = props.post ?? "";
    if (!(await run((peer) => peer.uncurate({ feed: from, entry: post })))) return;
    notify(t("curate.removed", { name: `\u2068${displayLine(from)}\u2069` }), {
      label: t("app.undo"),
      run: () => void run((peer) => peer.curate({ feed: from, post, note: before })),
    });
    props.onDone();
  }

  return (
    <form
      class="curate-sheet"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <fieldset aria-labelledby={ids.group}>
        <legend id={ids.group} class="field-label">
          {t("curate.which")}
        </legend>
        <UnreadableNote of={live} title={t("unreadable.curated")} />
        <div class="curate-feeds">
          <For each={feeds()}>
            {(row) => (
              <label class="check">
                <input type="radio" name={ids.group} checked={chosen() === row.name} onChange={() => choose(row)} />
                <span class="curate-feed-name">
                  <bdi>{displayLine(row.name)}</bdi>{" "}
                  <span class="text-xs text-faint">
                    {row.includes
                      ? t("curate.in")
                      : t(row.count === 1 ? "curated.count_one" : "curated.count_other", { count: number(row.count) })}
                  </span>
                </span>
              </label>
            )}
          </For>
          <label class="check">
            <input type="radio" name={ids.group} checked={chosen() === NEW} onChange={() => setChosen(NEW)} />
            {t("curate.new")}
          </label>
        </div>
      </fieldset>
      <Show when={chosen() === NEW}>
        <CuratedNameField value={name()} onInput={setName} />
      </Show>
      <div class="field">
        <label for={ids.note}>{t("curate.note")}</label>
        <textarea
          id={ids.note}
          class="input"
          dir="auto"
          rows={3}
          maxlength={MOST_NOTE}
          value={note()}
          aria-describedby={`${ids.note}-hint`}
          onInput={(event) => setNote(event.currentTarget.value)}
        />
        <p id={`${ids.note}-hint`} class="field-hint">
          {t("curate.note.hint")}
        </p>
      </div>
      <p class="field-problem" role="alert">
        {problem() ?? ""}
      </p>
      <div class="flex flex-wrap gap-2">
        <button type="submit" class="button button-primary" disabled={isBusy() || chosen() === undefined}>
          {t(feed()?.includes ? "curate.saveNote" : "curate.add")}
        </button>
        <Show when={feed()?.includes && feed()}>
          {(row) => (
            <button type="button" class="button" onClick={() => void remove(row())}>
              {t("curate.remove")}
            </button>
          )}
        </Show>
        <button type="button" class="button button-quiet" onClick={() => props.onDone()}>
          {t("app.cancel")}
        </button>
      </div>
    </form>
  );
}

type KnownCode = "CURATED_FULL" | "CURATED_FROZEN" | "CURATED_PARTIAL" | "CURATED_INVALID" | "HISTORY_PENDING";
const KNOWN: ReadonlySet<string> = new Set<KnownCode>([
  "CURATED_FULL",
  "CURATED_FROZEN",
  "CURATED_PARTIAL",
  "CURATED_INVALID",
  "HISTORY_PENDING",
]);
