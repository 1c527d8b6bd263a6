/** The words of this page, which come with it. */
import { createWordsArea } from "../../i18n/area.tsx";
import type { PacksWords } from "../../i18n/en/packs.ts";

export const { WithWords, useWords: usePacksWords } = createWordsArea<PacksWords>({
  en: () => import("../../i18n/en/packs.ts").then((module) => module.packs),
  fa: () => import("../../i18n/fa/packs.ts").then((module) => module.packs),
});
