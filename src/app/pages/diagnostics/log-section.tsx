/** The log, live: filtered by level and part, held still while somebody reads. */
import { createMemo, createSignal, createUniqueId, For, type JSX, Show } from "solid-js";
import type { LogEntry, LogLevel, LogRoom } from "../../../peer/api.ts";
import { UnreadableNote } from "../../components/unreadable-note/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useActions } from "../../state/actions.ts";
import { useConnection } from "../../state/connection.tsx";
import { createLiveRows } from "../../state/live.ts";
import { notify } from "../../state/notices.ts";
import { useDiagnosticsWords } from "./words.ts";

const LEVELS: readonly LogLevel[] = ["debug", "info", "warn", "error"];
const ROOMS: readonly LogRoom[] = ["peer", "mesh", "store", "rpc", "page"];

function Choice<Value extends string>(props: {
  label: string;
  value: Value;
  options: readonly (readonly [value: Value, words: string])[];
  onChange: (value: Value) => void;
}): JSX.Element {
  const id = createUniqueId();
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <select
        id={id}
        class="input"
        onChange={(event) => {
          const chosen = props.options.find(([value]) => value === event.currentTarget.value);
          if (chosen) props.onChange(chosen[0]);
        }}
      >
        <For each={props.options}>
          {([value, words]) => (
            <option value={value} selected={value === props.value}>
              {words}
            </option>
          )}
        </For>
      </select>
    </div>
  );
}

function Entry(props: { entry: LogEntry; clock: Intl.DateTimeFormat }): JSX.Element {
  const { number } = useI18n();
  const { t } = useDiagnosticsWords();
  const fields = () =>
    Object.entries(props.entry.fields)
      .map(([name, value]) => `${name}=${String(value)}`)
      .join(" ");
  return (
    <li class="log-entry" data-level={props.entry.level}>
      <time datetime={new Date(props.entry.time).toISOString()}>{props.clock.format(props.entry.time)}</time>
      <span class="log-words">
        <bdi dir="ltr">
          <span class="log-room">{props.entry.room}</span> <strong>{props.entry.event}</strong> {fields()}
        </bdi>
        <Show when={props.entry.times > 1}>
          <span class="text-faint"> {t("log.times", { count: number(props.entry.times) })}</span>
        </Show>
      </span>
    </li>
  );
}

export function LogSection(): JSX.Element {
  const { language, t: words } = useI18n();
  const { t } = useDiagnosticsWords();
  const { api } = useConnection();
  const { run } = useActions();
  const [level, setLevel] = createSignal<LogLevel>("info");
  const [room, setRoom] = createSignal<LogRoom | "all">("all");
  const [held, setHeld] = createSignal<readonly LogEntry[] | null>(null);
  const query = createMemo(() => {
    const part = room();
    return part === "all" ? { level: level() } : { level: level(), room: part };
  });
  const live = createLiveRows(
    api,
    "log",
    () => query(),
    (entry) => String(entry.seq),
  );
  const shown = () => held() ?? live.rows();
  const clock = createMemo(() => new Intl.DateTimeFormat(language(), { timeStyle: "medium", dateStyle: "short" }));

  async function clear(): Promise<void> {
    if (!(await run((peer) => peer.clearLog()))) return;
    setHeld(null);
    notify(t("log.cleared"));
  }

  return (
    <section class="section" aria-labelledby="log-title">
      <h2 id="log-title">{t("log.title")}</h2>
      <p class="max-w-measure text-sm text-soft">{t("log.text")}</p>
      <Show when={api()} fallback={<p class="note mt-4 text-sm">{t("log.away")}</p>}>
        <div class="log-tools">
          <Choice
            label={t("log.level")}
            value={level()}
            options={LEVELS.map((each) => [each, t(`log.level.${each}`)] as const)}
            onChange={setLevel}
          />
          <Choice
            label={t("log.room")}
            value={room()}
            options={[
              ["all", t("log.room.all")] as const,
              ...ROOMS.map((each) => [each, t(`log.room.${each}`)] as const),
            ]}
            onChange={setRoom}
          />
        </div>
        <div class="mb-4 flex flex-wrap gap-2">
          <button type="button" class="button" onClick={() => setHeld(held() === null ? [...live.rows()] : null)}>
            {t(held() === null ? "log.pause" : "log.resume")}
          </button>
          <button type="button" class="button button-quiet" onClick={() => void clear()}>
            {t("log.clear")}
          </button>
        </div>
        <UnreadableNote of={live} title={words("unreadable.list")} />
        <Show
          when={shown().length > 0}
          fallback={
            <Show when={live.ready()}>
              <p class="mt-4 text-sm text-faint">{t("log.empty")}</p>
            </Show>
          }
        >
          <ol class="log" aria-label={t("log.list")}>
            <For each={shown()}>{(entry) => <Entry entry={entry} clock={clock()} />}</For>
          </ol>
        </Show>
        <Show when={held() === null && live.hasMore()}>
          <button type="button" class="button mt-4" onClick={() => void live.more()}>
            {t("log.more")}
          </button>
        </Show>
      </Show>
    </section>
  );
}
