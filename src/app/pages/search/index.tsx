/** The search of what this device holds, as one types; the address carries what is looked for. */
import { A, useSearchParams } from "@solidjs/router";
import {
  createEffect,
  createMemo,
  createSignal,
  createUniqueId,
  type JSX,
  on,
  onCleanup,
  onMount,
  Show,
} from "solid-js";
import { Icon } from "../../components/icon/index.tsx";
import { StateNote } from "../../components/state-note/index.tsx";
import { useI18n } from "../../i18n/index.tsx";
import { cameAlongHistory } from "../../state/back.ts";
import { createTitle } from "../../state/title.ts";
import { addressOf, NOTHING, queryOf, readAddress, type SearchParameters, type Sought } from "./address.ts";
import { askable, AskOthers } from "./ask-others.tsx";
import { Filters } from "./filters.tsx";
import { Meant } from "./meant.tsx";
import { Named } from "./named.tsx";
import { Progress } from "./progress.tsx";
import { Results } from "./results.tsx";

/** A pause in typing after which the address follows: every key would be more than browsers take. */
const ADDRESS_PAUSE = 250;

export default function Search(): JSX.Element {
  const { t } = useI18n();
  const [parameters, setParameters] = useSearchParams() as unknown as [
    SearchParameters,
    (next: Record<string, string | null>, options: { replace: boolean; scroll: boolean }) => void,
  ];
  const id = createUniqueId();
  const [sought, setSought] = createSignal<Sought>(readAddress(parameters));
  /** People, feeds and places of that name. */
  const [names, setNames] = createSignal(0);
  let field!: HTMLInputElement;
  let timer: ReturnType<typeof setTimeout> | undefined;
  createTitle(() => t("search.title"));

  function follow() {
    clearTimeout(timer);
    timer = undefined;
    setParameters(addressOf(sought()), { replace: true, scroll: false });
  }
  function change(patch: Partial<Sought>) {
    setSought({ ...sought(), ...patch });
    follow();
  }
  function type(text: string) {
    setSought({ ...sought(), text });
    clearTimeout(timer);
    timer = setTimeout(follow, ADDRESS_PAUSE);
  }
  /** Whoever leaves the field may be about to leave the page, and comes back to what the address says. */
  function leaveField() {
    if (timer !== undefined) follow();
  }
  // Somebody else has changed the address: a link, or the way back.
  createEffect(
    on(
      () => JSON.stringify(addressOf(readAddress(parameters))),
      (address) => {
        if (timer === undefined && address !== JSON.stringify(addressOf(sought()))) setSought(readAddress(parameters));
      },
      { defer: true },
    ),
  );
  onCleanup(() => clearTimeout(timer));
  onMount(() => {
    // After the page has taken the focus; on the way back the reader is at a result.
    if (!cameAlongHistory()) requestAnimationFrame(() => field.focus({ preventScroll: true }));
  });

  const query = createMemo(() => queryOf(sought()), null, {
    equals: (a, b) => JSON.stringify(a) === JSON.stringify(b),
  });
  const question = createMemo(() => askable(sought()), null, {
    equals: (a, b) => a?.relation === b?.relation && a?.target === b?.target,
  });

  return (
    <>
      <header class="masthead search-head">
        <h1>{t("search.title")}</h1>
        <search>
          <form
            class="search-form"
            onSubmit={(event) => {
              event.preventDefault();
              follow();
            }}
          >
            <label class="visually-hidden" for={id}>
              {t("search.label")}
            </label>
            <div class="search-box">
              <Icon name="search" />
              <input
                ref={field}
                id={id}
                type="search"
                data-search-field
                enterkeyhint="search"
                autocomplete="off"
                spellcheck={false}
                dir="auto"
                maxLength={1_000}
                placeholder={t("search.placeholder")}
                value={sought().text}
                aria-describedby={`${id}-hint`}
                onInput={(event) => type(event.currentTarget.value)}
                onBlur={leaveField}
              />
            </div>
            <div class="search-hints">
              <p id={`${id}-hint`} class="field-hint">
                {t("search.hint")}
              </p>
              <Show when={query()}>
                <Progress />
              </Show>
            </div>
          </form>
        </search>
        <Filters sought={sought()} onChange={change} />
        <Show when={question()}>{(asked) => <AskOthers query={asked()} />}</Show>
      </header>
      <Show when={query()} fallback={<StateNote title={t("search.start")} text={t("search.start.text")} />}>
        {(asked) => (
          <Results
            query={asked()}
            above={
              <Show when={asked().text !== undefined}>
                <Named text={asked().text ?? ""} onCount={setNames} />
              </Show>
            }
          >
            <StateNote
              title={t(names() > 0 ? "search.nothing.posts" : "search.nothing")}
              text={t("search.nothing.text")}
            >
              <Show when={asked().text !== undefined}>
                <Meant
                  query={asked()}
                  beside={names() > 0}
                  onChoose={(text) => {
                    change({ text });
                    field.focus({ preventScroll: true });
                  }}
                />
              </Show>
              <Show
                when={question() !== null || sought().kind !== null || sought().from !== null || sought().to !== null}
              >
                <button type="button" class="button" onClick={() => change({ ...NOTHING, text: sought().text })}>
                  {t("search.nothing.all")}
                </button>
              </Show>
              <A class="button" href="/explore">
                {t("nav.explore")}
              </A>
            </StateNote>
          </Results>
        )}
      </Show>
    </>
  );
}
