/** The words of this page, which come with it. */
import { createContext, type JSX, Show, useContext } from "solid-js";
import { type AreaWords, createAreaWords } from "../../i18n/area.ts";
import type { DiagnosticsWords } from "../../i18n/en/diagnostics.ts";

const WordsContext = createContext<AreaWords<DiagnosticsWords>>();

export function useDiagnosticsWords(): AreaWords<DiagnosticsWords> {
  const value = useContext(WordsContext);
  if (!value) throw new Error("useDiagnosticsWords outside of WithWords");
  return value;
}

/** Renders its children once the words are there. */
export function WithWords(props: { children: JSX.Element }): JSX.Element {
  const words = createAreaWords<DiagnosticsWords>({
    en: () => import("../../i18n/en/diagnostics.ts").then((module) => module.diagnostics),
    fa: () => import("../../i18n/fa/diagnostics.ts").then((module) => module.diagnostics),
  });
  return (
    <WordsContext.Provider value={words}>
      <Show when={words.ready()}>{props.children}</Show>
    </WordsContext.Provider>
  );
}
