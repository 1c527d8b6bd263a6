/** What a person is told of: kinds, whether the system tells while nobody looks, and when it is quiet. Every change holds at once. */
import { createEffect, createUniqueId, For, type JSX, Match, Show, Switch } from "solid-js";
import type { NoticeKindName, NoticeSettings } from "../../../peer/api.ts";
import { CheckField } from "../../components/check-field/index.tsx";
import { PageHead } from "../../components/page-head/index.tsx";
import { UnreadableNote } from "../../components/unreadable-note/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useActions } from "../../state/actions.ts";
import { useConnection } from "../../state/connection.tsx";
import { noticesPermission, SYSTEM_NOTICES, switchSystemNotices, systemNotices } from "../../state/inbox.ts";
import { createLiveValue } from "../../state/live.ts";
import { createTitle } from "../../state/title.ts";
import { clockOf, minutesOf } from "../../text/notices.ts";

const KINDS: readonly NoticeKindName[] = ["reply", "reference", "boost", "curated", "trust"];
/** From ten in the evening to seven in the morning: what most people mean by it. */
const NIGHT = { from: 22 * 60, to: 7 * 60 };

type Change = (patch: Partial<NoticeSettings>) => void;

function Kinds(props: { settings: NoticeSettings; change: Change }): JSX.Element {
  const { t } = useI18n();
  const switched = (kind: NoticeKindName, on: boolean): NoticeKindName[] =>
    KINDS.filter((each) => (each === kind ? !on : props.settings.off.includes(each)));
  return (
    <section class="section">
      <h2>{t("inbox.kinds")}</h2>
      <For each={KINDS}>
        {(kind) => (
          <CheckField
            words={t(`inbox.kind.${kind}`)}
            checked={!props.settings.off.includes(kind)}
            onChange={(on) => props.change({ off: switched(kind, on) })}
          />
        )}
      </For>
    </section>
  );
}

function Outside(props: { settings: NoticeSettings; change: Change }): JSX.Element {
  const { t } = useI18n();
  const { run } = useActions();
  return (
    <section class="section grid gap-4">
      <h2>{t("inbox.outside")}</h2>
      <p class="max-w-measure text-sm text-soft">{t("inbox.outside.text")}</p>
      <Switch
        fallback={
          <>
            <CheckField
              words={t("inbox.outside.on")}
              checked={systemNotices()}
              onChange={(on) => void run((api) => switchSystemNotices(api, on))}
            />
            <Show when={systemNotices()}>
              <CheckField
                words={t("inbox.private.show")}
                hint={t("inbox.private.hint")}
                checked={props.settings.showPrivate}
                onChange={(showPrivate) => props.change({ showPrivate })}
              />
            </Show>
          </>
        }
      >
        <Match when={!SYSTEM_NOTICES}>
          <p class="text-sm text-soft">{t("inbox.outside.unsupported")}</p>
        </Match>
        <Match when={noticesPermission() === "denied"}>
          <p class="text-sm text-soft" role="status">
            {t("inbox.outside.denied")}
          </p>
        </Match>
      </Switch>
    </section>
  );
}

/** Each number that is typed is a change already; while somebody is in the field, nothing but their keys changes it. */
function Hour(props: { words: string; minutes: number; onChange: (minutes: number) => void }): JSX.Element {
  const id = createUniqueId();
  let input!: HTMLInputElement;
  createEffect(() => {
    const text = clockOf(props.minutes);
    if (document.activeElement !== input) input.value = text;
  });
  return (
    <div class="field">
      <label for={id}>{props.words}</label>
      <input
        ref={input}
        id={id}
        class="input inbox-time"
        type="time"
        data-kept=""
        onChange={(event) => {
          const minutes = minutesOf(event.currentTarget.value);
          if (minutes !== null) props.onChange(minutes);
        }}
        // What was left empty is no time.
        onBlur={({ currentTarget }) => {
          if (minutesOf(currentTarget.value) === null) currentTarget.value = clockOf(props.minutes);
        }}
      />
    </div>
  );
}

function Quiet(props: { settings: NoticeSettings; change: Change }): JSX.Element {
  const { t } = useI18n();
  return (
    <section class="section grid gap-4">
      <h2>{t("inbox.quiet")}</h2>
      <CheckField
        words={t("inbox.quiet.on")}
        hint={t("inbox.quiet.hint")}
        checked={props.settings.quiet !== null}
        onChange={(on) => props.change({ quiet: on ? NIGHT : null })}
      />
      <Show when={props.settings.quiet}>
        {(hours) => (
          <div class="inbox-hours">
            <For each={["from", "to"] as const}>
              {(end) => (
                <Hour
                  words={t(`inbox.quiet.${end}`)}
                  minutes={hours()[end]}
                  onChange={(minutes) => props.change({ quiet: { ...hours(), [end]: minutes } })}
                />
              )}
            </For>
          </div>
        )}
      </Show>
    </section>
  );
}

export default function InboxSettings(): JSX.Element {
  const { t } = useI18n();
  const { api } = useConnection();
  const { run } = useActions();
  const params = {};
  const settings = createLiveValue(api, "noticeSettings", () => params);
  const change: Change = (patch) => void run((peer) => peer.updateNotices(patch));
  createTitle(() => t("inbox.settings.title"));
  return (
    <>
      <PageHead title={t("inbox.settings.title")} lead={t("inbox.settings.lead")} />
      <UnreadableNote of={settings} title={t("unreadable.settings")} />
      <Show when={settings.value()}>
        {(current) => (
          <div class="page settings">
            <Kinds settings={current()} change={change} />
            <Outside settings={current()} change={change} />
            <Quiet settings={current()} change={change} />
          </div>
        )}
      </Show>
    </>
  );
}
