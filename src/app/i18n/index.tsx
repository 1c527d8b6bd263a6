/**
 * Words, numbers and times in the person's language. Only the dictionary of the active language is loaded, and of that first
 * what the first screen says.
 * Exported: the provider, `useI18n`, the two stages of the words with `lazily`, and the pure formatters that tests cover.
 */
import { resolveTemplate, translator, type Translator } from "@solid-primitives/i18n";
import { type Accessor, createContext, createEffect, createMemo, type JSX, useContext } from "solid-js";
import { createFormats, type Formats } from "./formats.ts";
import { directionOf, type Language } from "./language.ts";
import type { Messages } from "./en.ts";
import { changeLanguage, words } from "./words.ts";

export type { Language } from "./language.ts";
export type { Messages } from "./en.ts";
export { lazily, loadMessages, loadRest } from "./words.ts";

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

/** Speaks the language that `loadMessages` has begun with; later changes keep the old words until all the new ones are there. */
export function I18nProvider(props: { language: Language; children: JSX.Element }): JSX.Element {
  const language = createMemo(() => words().language);
  const messages = () => words().messages;
  const formats = createMemo(() => createFormats(language()));

  createEffect(() => {
    const wanted = props.language;
    changeLanguage(wanted).catch((error: unknown) => console.warn("words of", wanted, error));
  });
  createEffect(() => {
    document.documentElement.lang = language();
    document.documentElement.dir = directionOf(language());
  });

  const value: I18n = {
    // Read at every call of `t`, which stands in JSX.
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

  return <I18nContext.Provider value={value}>{props.children}</I18nContext.Provider>;
}
