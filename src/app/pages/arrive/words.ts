/** The words of this page, which come with it. */
import { createWordsArea } from "../../i18n/area.tsx";
import type { ArriveWords } from "../../i18n/en/arrive.ts";

export const { WithWords, useWords: useArriveWords } = createWordsArea<ArriveWords>({
  en: () => import("../../i18n/en/arrive.ts").then((module) => module.arrive),
  fa: () => import("../../i18n/fa/arrive.ts").then((module) => module.arrive),
});
