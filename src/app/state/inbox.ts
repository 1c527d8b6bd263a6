/** How much is unread in the inbox, for whatever shows it; and whether this device tells of it while nobody looks. */
import { type Accessor, createEffect, createSignal, on, onCleanup, onMount } from "solid-js";
import type { PeerApi } from "../../peer/api.ts";
import { clearSystemNotices } from "../../rpc/system-notices.ts";
import type { I18n } from "../i18n/index.tsx";
import { codeOf } from "./errors.ts";
import { createLiveValue } from "./live.ts";

const KEY = "mehr.notices";
/**
 * The first screen and the first link come before, in ms. The count has the peer load all that makes notices, which it does by
 * itself at this time (src/peer/notices/notices.ts).
 */
const AFTER_START = 3_000;

/** Whether this browser can show notices of a page that nobody looks at. */
export const SYSTEM_NOTICES: boolean = "Notification" in window && "serviceWorker" in navigator;

const [wanted, setWanted] = createSignal(SYSTEM_NOTICES && localStorage.getItem(KEY) === "on");
const [permission, setPermission] = createSignal(SYSTEM_NOTICES ? Notification.permission : "denied");

export { permission as noticesPermission };

/** Whether the system tells of notices: the person has asked for it here, and the browser allows it. */
export function systemNotices(): boolean {
  return wanted() && permission() === "granted";
}

/**
 * Turns it on or off on this device. Asks the browser, so it is to be called for a press alone. What is unread by then is not
 * told of: it has been there.
 */
export async function switchSystemNotices(api: PeerApi, on: boolean): Promise<void> {
  if (!on) {
    localStorage.removeItem(KEY);
    setWanted(false);
    return;
  }
  if (Notification.permission === "default") await Notification.requestPermission();
  setPermission(Notification.permission);
  if (Notification.permission !== "granted") return;
  await api.tellNotices(Number.MAX_SAFE_INTEGER);
  localStorage.setItem(KEY, "on");
  setWanted(true);
}

/** Lines with something unread; 0 until that is known. */
export function createUnread(api: Accessor<PeerApi | undefined>): Accessor<number> {
  const [due, setDue] = createSignal(false);
  const params = {};
  const count = createLiveValue(
    () => (due() ? api() : undefined),
    "inboxCount",
    () => params,
  );
  onMount(() => {
    const timer = setTimeout(() => setDue(true), AFTER_START);
    onCleanup(() => clearTimeout(timer));
  });
  return () => count.value()?.unread ?? 0;
}

/** Has the system tell of what comes for as long as its owner lives. What that takes is loaded where somebody wants it. */
export function createCalling(api: Accessor<PeerApi | undefined>, locked: Accessor<boolean>, i18n: I18n): void {
  const report = (error: unknown): void => console.warn("notices", codeOf(error));
  createEffect(() => {
    // What was shown while it was open is not for whoever holds the device now.
    if (locked() && SYSTEM_NOTICES) clearSystemNotices().catch(report);
  });
  createEffect(
    on([api, systemNotices], ([peer, isOn]) => {
      if (!peer || !isOn) return;
      const stopping = new AbortController();
      onCleanup(() => stopping.abort());
      import("./calling.ts")
        .then(({ callPeople }) => callPeople(peer, i18n, stopping.signal))
        .catch((error: unknown) => {
          if (!stopping.signal.aborted) report(error);
        });
    }),
  );
}
