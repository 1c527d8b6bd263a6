/** All of it as one file, and back: what a file would change is said before anything is. */
import { createSignal, createUniqueId, For, type JSX, Show } from "solid-js";
import type { DefenceChanges } from "../../../peer/api.ts";
import { personName } from "../../text/people.ts";
import { useI18n } from "../../i18n/index.tsx";
import { useActions } from "../../state/actions.ts";
import { useConnection } from "../../state/connection.tsx";
import { notify } from "../../state/notices.ts";
import { nameOfMute } from "./muted.tsx";
import { useDefenceProblems } from "./problems.ts";
import { useMutesWords } from "./words.ts";

/** Browsers read the file after the click has returned. */
const READ_BY = 60_000;
/** Entries of a preview that are named. */
const NAMED = 8;

export function ListFile(): JSX.Element {
  const { t } = useI18n();
  const { t: w } = useMutesWords();
  const { api } = useConnection();
  const { run } = useActions();
  const problemOf = useDefenceProblems();
  const id = createUniqueId();
  const [read, setRead] = createSignal<{ readonly file: File; readonly changes: DefenceChanges }>();
  const [problem, setProblem] = createSignal<string>();
  const [isBusy, setBusy] = createSignal(false);

  async function attempt(work: () => Promise<void>): Promise<void> {
    if (isBusy()) return;
    setBusy(true);
    setProblem(undefined);
    try {
      await work();
    } catch (error) {
      setProblem(problemOf(error));
    } finally {
      setBusy(false);
    }
  }
  const save = () =>
    attempt(async () => {
      const file = await api()?.exportDefence();
      if (!file) return;
      const link = document.createElement("a");
      link.href = URL.createObjectURL(file);
      link.download = `mehr-mutes-${new Date().toISOString().slice(0, 10)}.json`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), READ_BY);
      notify(w("exported"));
    });
  const preview = (file: File) =>
    attempt(async () => {
      setRead(undefined);
      const changes = await api()?.previewDefence(file);
      if (changes) setRead({ file, changes });
    });
  const apply = (file: File) =>
    attempt(async () => {
      const peer = api();
      if (!peer) return;
      // What was so before, for the way back: what lasts longer now is not to be gone then.
      const before = await peer.exportDefence();
      const changes = await peer.importDefence(file);
      setRead(undefined);
      notify(w("applied"), {
        label: t("app.undo"),
        run: () =>
          void run(async (again) => {
            await again.unmute(changes.mutes.map((mute) => mute.id));
            for (const { id: blocked } of changes.blocks) await again.unblock(blocked);
            for (const { id: flagged, posts } of changes.flagged) await again.worthIt(flagged, posts);
            await again.importDefence(before);
          }),
      });
    });

  return (
    <section class="section" id="file">
      <h2>{w("file")}</h2>
      <p class="max-w-measure text-sm text-soft">{w("file.text")}</p>
      <div class="mt-3 flex flex-wrap gap-2">
        <button type="button" class="button" disabled={isBusy()} onClick={() => void save()}>
          {w("export")}
        </button>
        <label class="button file-button" for={id}>
          {w("import")}
          <input
            id={id}
            type="file"
            class="visually-hidden"
            accept="application/json,.json"
            onChange={(event) => {
              const [file] = event.currentTarget.files ?? [];
              // The same file may be chosen again.
              event.currentTarget.value = "";
              if (file) void preview(file);
            }}
          />
        </label>
      </div>
      <p class="field-problem" role="alert">
        {problem()}
      </p>
      <div role="status">
        <Show when={read()}>
          {(current) => (
            <Preview
              changes={current().changes}
              busy={isBusy()}
              onApply={() => void apply(current().file)}
              onCancel={() => setRead(undefined)}
            />
          )}
        </Show>
      </div>
    </section>
  );
}

function Preview(props: {
  changes: DefenceChanges;
  busy: boolean;
  onApply: () => void;
  onCancel: () => void;
}): JSX.Element {
  const { t, number } = useI18n();
  const { t: w } = useMutesWords();
  const counted = (count: number, one: "mutes" | "blocks" | "flagged" | "known" | "unread" | "more"): string =>
    w(`preview.${one}_${count === 1 ? "one" : "other"}`, { count: number(count) });
  const groups = () =>
    [
      { title: "mutes" as const, names: props.changes.mutes.map((mute) => nameOfMute(mute, w)) },
      { title: "blocks" as const, names: props.changes.blocks.map(personName) },
      { title: "flagged" as const, names: props.changes.flagged.map(personName) },
    ].filter(({ names }) => names.length > 0);
  const isPolicy = () => Object.keys(props.changes.policy).length > 0;
  const isNothing = () => groups().length === 0 && !isPolicy();
  return (
    <div class="note mt-3 grid gap-3" data-part="preview">
      <h3>{w(isNothing() ? "preview.none" : "preview")}</h3>
      <For each={groups()}>
        {(group) => (
          <div>
            <p class="font-medium">{counted(group.names.length, group.title)}</p>
            <p class="text-sm text-soft">
              <For each={group.names.slice(0, NAMED)}>{(name) => <bdi class="chip">{name}</bdi>}</For>{" "}
              <Show when={group.names.length > NAMED}>{counted(group.names.length - NAMED, "more")}</Show>
            </p>
          </div>
        )}
      </For>
      <Show when={isPolicy()}>
        <p>{w("preview.policy")}</p>
      </Show>
      <Show when={props.changes.known > 0}>
        <p class="text-sm text-soft">{counted(props.changes.known, "known")}</p>
      </Show>
      <Show when={props.changes.unread > 0}>
        <p class="text-sm text-soft">{counted(props.changes.unread, "unread")}</p>
      </Show>
      <div class="flex flex-wrap gap-2">
        <Show when={!isNothing()}>
          <button type="button" class="button button-primary" disabled={props.busy} onClick={() => props.onApply()}>
            {w("apply")}
          </button>
        </Show>
        <button type="button" class="button" onClick={() => props.onCancel()}>
          {t("app.cancel")}
        </button>
      </div>
    </div>
  );
}
