/** The words of this page, which come with it. */
import { createWordsArea } from "../../i18n/area.tsx";
import type { DevicesWords } from "../../i18n/en/devices.ts";

export const { WithWords, useWords: useDevicesWords } = createWordsArea<DevicesWords>({
  en: () => import("../../i18n/en/devices.ts").then((module) => module.devices),
  fa: () => import("../../i18n/fa/devices.ts").then((module) => module.devices),
});
