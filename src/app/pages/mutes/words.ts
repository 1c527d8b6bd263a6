/** The words of this page, which come with it. */
import { createWordsArea } from "../../i18n/area.tsx";
import type { MutesWords } from "../../i18n/en/mutes.ts";

export const { WithWords, useWords: useMutesWords } = createWordsArea<MutesWords>({
  en: () => import("../../i18n/en/mutes.ts").then((module) => module.mutes),
  fa: () => import("../../i18n/fa/mutes.ts").then((module) => module.mutes),
});
