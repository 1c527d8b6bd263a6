/** Words of a page that few open: they are loaded with it, not with the first page. */
import { resolveTemplate, translator, type Translator } from "@solid-primitives/i18n";
import { createContext, createMemo, createResource, type JSX, Show, useContext } from "solid-js";
import { useI18n } from "./index.tsx";
import type { Language } from "./language.ts";

export interface AreaWords<Area> {
  readonly t: Translator<Area & Readonly<Record<string, string>>>;
  /** Whether there are words by this name, as for a code that only a newer peer knows. */
  has(key: string): key is keyof Area & string;
}

export interface WordsArea<Area> {
  /** Renders its children once the words are there; at a change of language the old ones stay until the new ones are. */
  readonly WithWords: (props: { children: JSX.Element }) => JSX.Element;
  readonly useWords: () => AreaWords<Area>;
}

export function createWordsArea<Area extends Readonly<Record<string, string>>>(
  loaders: Readonly<Record<Language, () => Promise<Area>>>,
): WordsArea<Area> {
  const Context = createContext<AreaWords<Area>>();
  return {
    WithWords(props) {
      const { language } = useI18n();
      const [loaded] = createResource(language, (wanted) => loaders[wanted]());
      // `state` first: reading a resource that is on its way would take the whole page off the screen.
      const words = createMemo<Area | undefined>((before) => (loaded.state === "ready" ? loaded() : before));
      const value: AreaWords<Area> = {
        // Read at every call of `t`, which stands in JSX.
        // eslint-disable-next-line solid/reactivity
        t: translator(() => words() as Area, resolveTemplate),
        has: (key): key is keyof Area & string => Object.hasOwn(words() ?? {}, key),
      };
      return (
        <Context.Provider value={value}>
          <Show when={words()}>{props.children}</Show>
        </Context.Provider>
      );
    },
    useWords() {
      const value = useContext(Context);
      if (!value) throw new Error("words of an area outside of its WithWords");
      return value;
    },
  };
}
