/** The words of this page, which come with it. */
import { createWordsArea } from "../../i18n/area.tsx";
import type { DiagnosticsWords } from "../../i18n/en/diagnostics.ts";

export const { WithWords, useWords: useDiagnosticsWords } = createWordsArea<DiagnosticsWords>({
  en: () => import("../../i18n/en/diagnostics.ts").then((module) => module.diagnostics),
  fa: () => import("../../i18n/fa/diagnostics.ts").then((module) => module.diagnostics),
});
