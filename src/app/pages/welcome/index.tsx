/** The first run: name, place, topics, words. Every step can be left out. */
import { A, useNavigate } from "@solidjs/router";
import { createSignal, createUniqueId, type JSX, Match, Show, Switch } from "solid-js";
import type { ScopeKey } from "../../../peer/api.ts";
import { ScopeField } from "../../components/scope-field/index.tsx";
import { WordsGrid } from "../../components/words-grid/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { useActions } from "../../state/actions.ts";
import { notify } from "../../state/notices.ts";
import { createTitle } from "../../state/title.ts";
import { COMMONS } from "../../text/scopes.ts";

const STEPS = 4;
const MOST_TOPICS = 3;

export default function Welcome(): JSX.Element {
  const { t, number } = useI18n();
  const { run, updateSettings } = useActions();
  const navigate = useNavigate();
  const nameId = createUniqueId();
  const [step, setStep] = createSignal(1);
  const [name, setName] = createSignal("");
  const [place, setPlace] = createSignal<readonly ScopeKey[]>([]);
  const [topics, setTopics] = createSignal<readonly ScopeKey[]>([]);
  let heading!: HTMLHeadingElement;
  createTitle(() => t("first.title"));

  function go(to: number) {
    setStep(to);
    heading.focus();
  }

  async function keepAnswers(): Promise<void> {
    if (place().length > 0 || topics().length > 0) {
      await updateSettings({ home: place()[0] ?? COMMONS, topics: [...topics()] });
    }
    const profile = { displayName: name().trim(), bio: "", scopes: [...place(), ...topics()] };
    if (profile.displayName !== "") await run((api) => api.saveProfile(profile));
  }

  async function next(): Promise<void> {
    if (step() === STEPS - 1) await keepAnswers();
    go(step() + 1);
  }
  async function skip(): Promise<void> {
    await keepAnswers();
    await run((api) => api.welcome("later"));
    navigate("/", { replace: true });
  }
  async function finish(kept: boolean): Promise<void> {
    if (kept) await run((api) => api.keepWords());
    if (!(await run((api) => api.welcome("yes")))) return;
    notify(t("first.done"));
    navigate("/", { replace: true });
  }

  const question = () => [t("first.name"), t("first.place"), t("first.topics"), t("first.words")][step() - 1] ?? "";

  return (
    <div class="page pt-8">
      <p class="text-xs text-faint">{t("first.step", { step: number(step()), steps: number(STEPS) })}</p>
      <div class="steps" aria-hidden="true">
        {Array.from({ length: STEPS }, (_, index) => (
          <span class="step" data-done={index < step() ? "" : undefined} />
        ))}
      </div>
      <h1 ref={heading} tabindex="-1" class="mt-6 text-2xl">
        {question()}
      </h1>
      <form
        class="mt-6 grid gap-6"
        onSubmit={(event) => {
          event.preventDefault();
          if (step() < STEPS) void next();
        }}
      >
        <Switch>
          <Match when={step() === 1}>
            <p class="max-w-measure text-soft">{t("first.lead")}</p>
            <div class="field">
              <label for={nameId}>{t("first.name.label")}</label>
              <input
                id={nameId}
                class="input"
                type="text"
                dir="auto"
                autocomplete="nickname"
                maxlength={64}
                value={name()}
                aria-describedby={`${nameId}-hint`}
                onInput={(event) => setName(event.currentTarget.value)}
              />
              <p id={`${nameId}-hint`} class="field-hint">
                {t("first.name.hint")}
              </p>
            </div>
          </Match>
          <Match when={step() === 2}>
            <ScopeField
              kind="geo"
              label={t("first.place.label")}
              hint={t("first.place.hint")}
              values={place()}
              most={1}
              onChange={setPlace}
            />
          </Match>
          <Match when={step() === 3}>
            <ScopeField
              kind="topic"
              label={t("first.topics.label")}
              hint={t("first.topics.hint")}
              values={topics()}
              most={MOST_TOPICS}
              onChange={setTopics}
            />
          </Match>
          <Match when={step() === 4}>
            <p class="max-w-measure text-soft">{t("first.words.text")}</p>
            <WordsGrid />
          </Match>
        </Switch>

        <div class="flex flex-wrap items-center gap-3">
          <Show
            when={step() < STEPS}
            fallback={
              <>
                <button type="button" class="button button-primary" onClick={() => void finish(true)}>
                  {t("first.words.kept")}
                </button>
                <button type="button" class="button" onClick={() => void finish(false)}>
                  {t("first.words.later")}
                </button>
              </>
            }
          >
            <button type="submit" class="button button-primary">
              {t("first.next")}
            </button>
          </Show>
          <Show when={step() > 1}>
            <button type="button" class="button" onClick={() => go(step() - 1)}>
              {t("first.back")}
            </button>
          </Show>
          <Show when={step() < STEPS}>
            <button type="button" class="button button-quiet" onClick={() => void skip()}>
              {t("first.skip")}
            </button>
          </Show>
        </div>
        <Show when={step() === 1}>
          <p class="text-sm">
            <A class="link" href="/restore">
              {t("first.have")}
            </A>
          </p>
          <p class="text-sm">
            <A class="link" href="/join">
              {t("invite.have")}
            </A>
          </p>
        </Show>
      </form>
    </div>
  );
}
