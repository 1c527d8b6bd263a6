/**
 * Language and theme. The peer's settings are the truth; a copy in localStorage lets the first paint be right before
 * the peer has started.
 */
import { createSignal } from "solid-js";
import type { Settings } from "../../peer/api.ts";
import { chooseLanguage, type Language } from "../i18n/language.ts";

type Theme = Settings["theme"];
type LanguageSetting = Settings["language"];

const THEME_KEY = "mehr.theme";
const LANGUAGE_KEY = "mehr.language";

function read(key: string, allowed: readonly string[]): string {
  const stored = localStorage.getItem(key);
  return stored !== null && allowed.includes(stored) ? stored : "auto";
}

const [theme, setTheme] = createSignal(read(THEME_KEY, ["light", "dark"]) as Theme);
const [languageSetting, setLanguageSetting] = createSignal(read(LANGUAGE_KEY, ["en", "fa"]) as LanguageSetting);

export { languageSetting, theme };

export function language(): Language {
  return chooseLanguage(languageSetting(), navigator.languages);
}

function remember(key: string, value: string) {
  if (value === "auto") localStorage.removeItem(key);
  else localStorage.setItem(key, value);
}

export function applyTheme(value: Theme): void {
  setTheme(value);
  remember(THEME_KEY, value);
  if (value === "auto") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = value;
}

export function applyLanguage(value: LanguageSetting): void {
  remember(LANGUAGE_KEY, value);
  setLanguageSetting(value);
}
