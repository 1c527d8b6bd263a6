/**
 * Words, numbers and times in the person's language. Only the dictionary of the active language is loaded.
 * Exported: the provider, `useI18n`, and the pure formatters that tests cover.
 */
import { resolveTemplate, translator, type Translator } from "@solid-primitives/i18n";
import {
  type Accessor,
  createContext,
  createEffect,
  createMemo,
  createResource,
  type JSX,
  Show,
  useContext,
} from "solid-js";
import { createFormats, type Formats } from "./formats.ts";
import { directionOf, type Language } from "./language.ts";
import type { Messages } from "./en.ts";

export type { Language } from "./language.ts";
export type { Messages } from "./en.ts";

const LOADERS: Record<Language, () => Promise<Messages>> = {
  en: () => import("./en.ts").then((module) => module.en),
  fa: () => import("./fa.ts").then((module) => module.fa),
};

/** Starts fetching a language before the app is rendered. */
export function loadMessages(language: Language): Promise<Messages> {
  return LOADERS[language]();
}

export interface I18n extends Formats {
  readonly t: Translator<Messages>;
  readonly language: Accessor<Language>;
  readonly messages: Accessor<Messages>;
}

const I18nContext = createContext<I18n>();

export function useI18n(): I18n {
  const value = useContext(I18nContext);
  if (!value) throw new Error("useI18n outside of I18nProvider");
  return value;
}

/** Renders its children once the first dictionary is there; later switches keep the old words until the new ones are. */
export function I18nProvider(props: {
  language: Language;
  initial: Messages;
  initialLanguage: Language;
  children: JSX.Element;
}): JSX.Element {
  const [loaded] = createResource(
    () => props.language,
    async (language) => ({ language, messages: await loadMessages(language) }),
    { initialValue: { language: props.initialLanguage, messages: props.initial } },
  );
  const current = () => loaded.latest;
  const language = createMemo(() => current().language);
  const messages = createMemo(() => current().messages);
  const formats = createMemo(() => createFormats(language()));

  createEffect(() => {
    document.documentElement.lang = language();
    document.documentElement.dir = directionOf(language());
  });

  const value: I18n = {
    // Read at every call of `t`, which stands in JSX.
    // eslint-disable-next-line solid/reactivity
    t: translator(messages, resolveTemplate),
    language,
    messages,
    number: (amount) => formats().number(amount),
    bytes: (amount) => formats().bytes(amount),
    duration: (milliseconds) => formats().duration(milliseconds),
    ago: (then, now) => formats().ago(then, now),
    moment: (time) => formats().moment(time),
    day: (time) => formats().day(time),
    list: (items) => formats().list(items),
  };

  return (
    <I18nContext.Provider value={value}>
      <Show when={messages()}>{props.children}</Show>
    </I18nContext.Provider>
  );
}
