/**
 * The number on the app's icon, while nobody looks: what is new in the inbox, and own posts that still wait to be sent. Not what
 * others wrote into feeds: that is there when one comes for it, and counts of it only call.
 */
import { type Accessor, createEffect, createSignal, onCleanup } from "solid-js";
import { runsInstalled } from "./install.ts";

const KEY = "mehr.badge";

/** Whether this browser can put a number on an icon. */
export const BADGE_SUPPORTED: boolean = "setAppBadge" in navigator;

const [badgeOn, setBadgeOn] = createSignal(localStorage.getItem(KEY) !== "off");

export { badgeOn };

export function switchBadge(on: boolean): void {
  if (on) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, "off");
  setBadgeOn(on);
}

/** Keeps the badge true for as long as its owner lives. */
export function createBadge(concerns: Accessor<number>): void {
  // A tab has no icon to wear it; the installed app's own window does.
  if (!BADGE_SUPPORTED || !runsInstalled()) return;
  const [hidden, setHidden] = createSignal(document.hidden);
  const look = (): void => void setHidden(document.hidden);
  document.addEventListener("visibilitychange", look);
  onCleanup(() => document.removeEventListener("visibilitychange", look));
  createEffect(() => {
    const count = badgeOn() && hidden() ? concerns() : 0;
    // Browsers refuse it where the system shows none; there is nothing to be done then.
    const shown = count > 0 ? navigator.setAppBadge(count) : navigator.clearAppBadge();
    shown.catch((error: unknown) => console.debug("badge", error));
  });
}
