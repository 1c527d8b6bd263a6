/** Words of a page that few open: they are loaded with it, not with the first page. */
import { resolveTemplate, translator, type Translator } from "@solid-primitives/i18n";
import { type Accessor, createMemo, createResource } from "solid-js";
import { useI18n } from "./index.tsx";
import type { Language } from "./language.ts";

export type Words = Readonly<Record<string, string>>;

export interface AreaWords<Area extends Words> {
  /** `undefined` until the words are there; at a change of language the old ones stay until the new ones are. */
  readonly ready: Accessor<boolean>;
  readonly t: Translator<Area>;
  /** Whether there are words by this name, as for a code that only a newer peer knows. */
  has(key: string): key is keyof Area & string;
}

export function createAreaWords<Area extends Words>(
  loaders: Readonly<Record<Language, () => Promise<Area>>>,
): AreaWords<Area> {
  const { language } = useI18n();
  const [loaded] = createResource(language, (wanted) => loaders[wanted]());
  // `state` first: reading a resource that is on its way would take the whole page off the screen.
  const words = createMemo<Area | undefined>((before) => (loaded.state === "ready" ? loaded() : before));
  return {
    ready: () => words() !== undefined,
    // Read at every call of `t`, which stands in JSX behind `ready`.
    t: translator(() => words() as Area, resolveTemplate),
    has: (key): key is keyof Area & string => Object.hasOwn(words() ?? {}, key),
  };
}
