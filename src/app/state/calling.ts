/** Has the system tell of what came while nobody looks. One tab of the app does it, whichever of them comes first. */
import type { NodeId, NoticeCalls, NoticeSettings, PeerApi, Subscription } from "../../peer/api.ts";
import { clearSystemNotices, showSystemNotices } from "../../rpc/system-notices.ts";
import type { I18n } from "../i18n/index.tsx";
import { loadRest } from "../i18n/index.tsx";
import { isQuietAt } from "../text/notices.ts";
import { noticesOf } from "../text/system-notices.ts";
import { codeOf } from "./errors.ts";

/** The Web Lock of the tab that does it. */
const LOCK = "mehr-notices";

/** Until `signal` fires. Stands in line while another tab does it. @throws the signal's reason */
export async function callPeople(api: PeerApi, i18n: I18n, signal: AbortSignal): Promise<void> {
  await loadRest();
  await navigator.locks.request(LOCK, { signal }, () => callWhile(api, i18n, signal));
}

const report = (error: unknown): void => console.warn("notices", codeOf(error));

async function callWhile(api: PeerApi, i18n: I18n, signal: AbortSignal): Promise<void> {
  let settings: NoticeSettings | undefined;
  let calls: NoticeCalls | undefined;
  let self: NodeId | undefined;
  let shown = 0;
  let turn = Promise.resolve();
  const look = (): void => {
    const [now, wish] = [calls, settings];
    if (now === undefined || wish === undefined || now.lines.length === 0 || now.until <= shown) return;
    shown = now.until;
    turn = turn
      .then(() => tell(api, i18n, now, wish, self))
      .catch((error: unknown) => console.warn("notices", codeOf(error)));
  };
  const open: Subscription[] = [
    await api.watch("identity", {}, ({ value }) => {
      self = value.id;
    }),
    await api.watch("noticeSettings", {}, ({ value }) => {
      settings = value;
      look();
    }),
    await api.watch("noticeCalls", {}, ({ value }) => {
      calls = value;
      look();
    }),
    // What was read on any tab need not stand on the lock screen any more.
    await api.watch("inboxCount", {}, ({ value }) => {
      if (value.unread === 0) clearSystemNotices().catch(report);
    }),
  ];
  try {
    if (!signal.aborted)
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  } finally {
    // The peer may have ended first; then there is nothing left to close.
    for (const each of open) each.close().catch((error: unknown) => console.debug("notices", codeOf(error)));
  }
}

async function tell(
  api: PeerApi,
  i18n: I18n,
  calls: NoticeCalls,
  settings: NoticeSettings,
  self: NodeId | undefined,
): Promise<void> {
  const now = new Date();
  const isQuiet = settings.quiet !== null && isQuietAt(settings.quiet, now.getHours() * 60 + now.getMinutes());
  if (!isQuiet) await showSystemNotices(noticesOf(calls.lines, i18n, settings.showPrivate, self));
  // Where the page is in front, or it is quiet, they are in the inbox, and nobody is called for them later.
  await api.tellNotices(calls.until);
}
