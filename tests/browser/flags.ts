/** How browser tests and benches start Chromium. */
import { CHROMIUM_FLAGS } from "../../scripts/chromium.mjs";

/**
 * The pages of Chromium's own address bar, which it loads and runs anew beside each browser context though nobody sees
 * them: two renderers and 0.9 s of a processor for each (Chromium 156), a third of what opening the app for the first time costs.
 */
const UNSEEN_PAGES = ["WebUIOmniboxPopup", "WebUIOmniboxAimPopup"];

/** What Playwright 1.65 switches off. Chromium heeds the last `--disable-features` alone, and that is ours. */
const OFF_ANYWAY = [
  "AimEnabled",
  "AvoidCorsURLLoaderRestartOnRedirect",
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsFirstBalancedModeAutoEnable",
  "HttpsUpgrades",
  "LensOverlay",
  "MediaRouter",
  "NetworkTimeServiceQuerying",
  "OptimizationHints",
  "PaintHolding",
  "PreconnectToSearch",
  "ThirdPartyStoragePartitioning",
];

/** For whatever launches a browser here. */
export const FLAGS: string[] = [...CHROMIUM_FLAGS, `--disable-features=${[...OFF_ANYWAY, ...UNSEEN_PAGES].join(",")}`];
