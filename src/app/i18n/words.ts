/**
 * The words of the active language, in two stages: those of the first screen come before it, the rest after it. Whatever is
 * loaded lazily waits for the rest, so that no page stands there with a word missing (tests/app/i18n-first.test.ts looks).
 */
import { createSignal, lazy } from "solid-js";
import type { FirstMessages } from "./en/first.ts";
import type { Messages, RestMessages } from "./en.ts";
import type { Language } from "./language.ts";

interface Stages {
  first(): Promise<FirstMessages>;
  rest(): Promise<RestMessages>;
}

const LOADERS: Record<Language, Stages> = {
  en: {
    first: () => import("./en/first.ts").then((module) => module.first),
    rest: () => import("./en.ts").then((module) => module.en),
  },
  fa: {
    first: () => import("./fa/first.ts").then((module) => module.first),
    rest: () => import("./fa.ts").then((module) => module.fa),
  },
};

interface Words {
  readonly language: Language;
  /** While not `whole`, only the first ones are in it: nothing that is on screen by then asks for others. */
  readonly messages: Messages;
  readonly whole: boolean;
}

const [loaded, setLoaded] = createSignal<Words>();
/** The language that was asked for last; what arrives for another one is too late. */
let wanted: Language | undefined;

/** @throws {Error} before {@link loadMessages} has resolved */
export function words(): Words {
  const present = loaded();
  if (!present) throw new Error("words before loadMessages");
  return present;
}

/** Fetches the words of the first screen, before the app is rendered. */
export async function loadMessages(language: Language): Promise<void> {
  wanted = language;
  const messages = (await LOADERS[language].first()) as Messages;
  if (wanted === language) setLoaded({ language, messages, whole: false });
}

/** Fetches what is still missing of the language that is shown. Resolves once every word can be had. */
export async function loadRest(): Promise<void> {
  const { language, messages, whole } = words();
  if (whole) return;
  const rest = await LOADERS[language].rest();
  // Another language may have come meanwhile; that one is whole.
  setLoaded((present) =>
    present?.language === language && !present.whole
      ? { language, messages: { ...messages, ...rest }, whole: true }
      : present,
  );
}

/** Goes over to another language as a whole; until all of it is there the words stay as they are. */
export async function changeLanguage(language: Language): Promise<void> {
  wanted = language;
  if (words().language === language) return;
  const [first, rest] = await Promise.all([LOADERS[language].first(), LOADERS[language].rest()]);
  if (wanted === language) setLoaded({ language, messages: { ...first, ...rest }, whole: true });
}

/** Solid's `lazy` for whatever shows words: it is there when both it and every word are. */
export const lazily: typeof lazy = (load) =>
  lazy(async () => {
    const [module] = await Promise.all([load(), loadRest()]);
    return module;
  });
