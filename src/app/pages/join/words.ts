/** The words of this page, which come with it. */
import { createWordsArea } from "../../i18n/area.tsx";
import type { JoinWords } from "../../i18n/en/join.ts";

export const { WithWords, useWords: useJoinWords } = createWordsArea<JoinWords>({
  en: () => import("../../i18n/en/join.ts").then((module) => module.join),
  fa: () => import("../../i18n/fa/join.ts").then((module) => module.join),
});
