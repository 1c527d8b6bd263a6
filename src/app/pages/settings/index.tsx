/** Settings. Every change holds at once; there is nothing to submit. */
import { A, useLocation } from "@solidjs/router";
import { createSignal, type JSX, onMount, Show } from "solid-js";
import type { Settings } from "../../../peer/api.ts";
import { PageHead } from "../../components/page-head/index.tsx";
import { ScopeField } from "../../components/scope-field/index.tsx";
import { UpdateBanner } from "../../components/update-banner/index.tsx";
import { WordsGrid } from "../../components/words-grid/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useActions } from "../../state/actions.ts";
import { useSession } from "../../state/session.tsx";
import { createTitle } from "../../state/title.ts";
import { COMMONS } from "../../text/scopes.ts";
import { Blocked } from "./blocked.tsx";
import { Backup } from "./backup.tsx";
import { Choice } from "./choice.tsx";
import { DeleteEverything } from "./delete-everything.tsx";
import { Device } from "./device.tsx";
import { Lock } from "./lock.tsx";
import { LowData } from "./low-data.tsx";
import { Introduce } from "./introduce.tsx";
import { Moving } from "./moving.tsx";
import { Relay } from "./relay.tsx";
import { IceServers, Relays } from "./servers.tsx";

/** More channels than this cost more than they bring: each is joined and kept up. */
const MOST_TOPICS = 24;

function Look(props: { settings: Settings }): JSX.Element {
  const { t } = useI18n();
  const { updateSettings } = useActions();
  return (
    <section class="section grid gap-6">
      <h2>{t("settings.look")}</h2>
      <Choice
        legend={t("settings.language")}
        value={props.settings.language}
        options={[
          { value: "auto", words: t("settings.language.auto") },
          { value: "en", words: "English", lang: "en" },
          { value: "fa", words: "فارسی", lang: "fa" },
        ]}
        onChange={(language) => void updateSettings({ language })}
      />
      <Choice
        legend={t("settings.theme")}
        value={props.settings.theme}
        options={[
          { value: "auto", words: t("settings.theme.auto") },
          { value: "light", words: t("settings.theme.light") },
          { value: "dark", words: t("settings.theme.dark") },
        ]}
        onChange={(theme) => void updateSettings({ theme })}
      />
    </section>
  );
}

function Words(): JSX.Element {
  const { t } = useI18n();
  const { identity } = useSession();
  const { run } = useActions();
  const [shown, setShown] = createSignal(false);
  return (
    <section class="section grid gap-4" id="words">
      <h2>{t("settings.words")}</h2>
      <p class="max-w-measure text-sm text-soft">{t("settings.words.text")}</p>
      <div class="flex flex-wrap gap-2">
        <button type="button" class="button" aria-expanded={shown()} onClick={() => setShown(!shown())}>
          {t(shown() ? "settings.words.hide" : "settings.words.show")}
        </button>
        <A class="button button-quiet" href="/restore">
          {t("settings.restore")}
        </A>
      </div>
      <Show when={shown()}>
        <WordsGrid />
      </Show>
      <Show
        when={identity()?.wordsKept}
        fallback={
          <Show when={shown()}>
            <div>
              <button type="button" class="button button-primary" onClick={() => void run((api) => api.keepWords())}>
                {t("first.words.kept")}
              </button>
            </div>
          </Show>
        }
      >
        <p class="text-sm text-faint">{t("settings.words.kept")}</p>
      </Show>
    </section>
  );
}

export default function SettingsPage(): JSX.Element {
  const { t } = useI18n();
  const { settings } = useSession();
  const { updateSettings } = useActions();
  const location = useLocation();
  createTitle(() => t("settings.title"));
  onMount(() => {
    if (location.hash) document.querySelector(location.hash)?.scrollIntoView();
  });

  return (
    <>
      <PageHead title={t("settings.title")} />
      <UpdateBanner />
      <Show when={settings()}>
        {(current) => (
          <div class="page settings">
            <Look settings={current()} />
            <section class="section grid gap-6">
              <h2>{t("settings.places")}</h2>
              <ScopeField
                kind="geo"
                label={t("settings.home")}
                hint={t("settings.home.hint")}
                values={[current().home]}
                most={1}
                onChange={(values) => void updateSettings({ home: values[0] ?? COMMONS })}
              />
              <ScopeField
                kind="topic"
                label={t("settings.topics")}
                hint={t("settings.topics.hint")}
                values={current().topics}
                most={MOST_TOPICS}
                onChange={(topics) => void updateSettings({ topics })}
              />
            </section>
            <section class="section">
              <h2>{t("settings.profile")}</h2>
              <A class="button" href="/me?edit=1">
                {t("settings.profile.edit")}
              </A>
            </section>
            <section class="section">
              <h2>{t("inbox.title")}</h2>
              <A class="button" href="/inbox/settings">
                {t("inbox.settings")}
              </A>
            </section>
            <Words />
            <Lock settings={current()} />
            <Backup />
            <Moving />
            <section class="section grid gap-8">
              <h2>{t("settings.network")}</h2>
              <Relays settings={current()} />
              <IceServers settings={current()} />
              <Introduce settings={current()} />
              <Relay settings={current()} />
              <LowData settings={current()} />
            </section>
            <section class="section">
              <h2>{t("defence.title")}</h2>
              <p class="mb-4 max-w-measure text-sm text-soft">{t("defence.lead")}</p>
              <A class="button" href="/settings/mutes">
                {t("defence.open")}
              </A>
            </section>
            <Blocked />
            <Device />
            <section class="section">
              <h2>{t("diagnostics.title")}</h2>
              <p class="mb-4 max-w-measure text-sm text-soft">{t("diagnostics.text")}</p>
              <A class="button" href="/diagnostics">
                {t("diagnostics.open")}
              </A>
            </section>
            <DeleteEverything />
          </div>
        )}
      </Show>
    </>
  );
}
