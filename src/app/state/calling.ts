/** Has the system tell of what came while nobody looks. One tab of the app does it, whichever of them comes first. */
import type { NoticeCalls, NoticeSettings, NoticeView, PeerApi, Subscription } from "../../peer/api.ts";
import { clearSystemNotices, showSystemNotices, type SystemNotice } from "../../rpc/system-notices.ts";
import type { I18n } from "../i18n/index.tsx";
import { loadRest } from "../i18n/index.tsx";
import { directionOf } from "../i18n/language.ts";
import { displayText } from "../text/display.ts";
import { isQuietAt, noticeHref, noticeWords, whoWords } from "../text/notices.ts";
import { codeOf } from "./errors.ts";

/** The Web Lock of the tab that does it. */
const LOCK = "mehr-notices";
/** Beyond that it is one that says how many there are. */
const MOST_AT_ONCE = 3;
/** What a lock screen shows of a text. */
const EXCERPT = 140;

/** Until `signal` fires. Stands in line while another tab does it. @throws the signal's reason */
export async function callPeople(api: PeerApi, i18n: I18n, signal: AbortSignal): Promise<void> {
  await loadRest();
  await navigator.locks.request(LOCK, { signal }, () => callWhile(api, i18n, signal));
}

const report = (error: unknown): void => console.warn("notices", codeOf(error));

async function callWhile(api: PeerApi, i18n: I18n, signal: AbortSignal): Promise<void> {
  let settings: NoticeSettings | undefined;
  let calls: NoticeCalls | undefined;
  let shown = 0;
  let turn = Promise.resolve();
  const look = (): void => {
    const [now, wish] = [calls, settings];
    if (now === undefined || wish === undefined || now.lines.length === 0 || now.until <= shown) return;
    shown = now.until;
    turn = turn
      .then(() => tell(api, i18n, now, wish))
      .catch((error: unknown) => console.warn("notices", codeOf(error)));
  };
  const open: Subscription[] = [
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

async function tell(api: PeerApi, i18n: I18n, calls: NoticeCalls, settings: NoticeSettings): Promise<void> {
  const now = new Date();
  const isQuiet = settings.quiet !== null && isQuietAt(settings.quiet, now.getHours() * 60 + now.getMinutes());
  if (!isQuiet) await showSystemNotices(noticesOf(calls.lines, i18n, settings.showPrivate));
  // Where the page is in front, or it is quiet, they are in the inbox, and nobody is called for them later.
  await api.tellNotices(calls.until);
}

/** What the system is to show of these lines. */
export function noticesOf(
  lines: readonly NoticeView[],
  { language, number, t }: Pick<I18n, "language" | "number" | "t">,
  showPrivate: boolean,
): SystemNotice[] {
  const head = { language: language(), direction: directionOf(language()) };
  if (lines.length > MOST_AT_ONCE) {
    const title = t("inbox.system.many", { count: number(lines.length) });
    return [{ ...head, tag: "mehr-inbox", title, body: "", path: "/inbox" }];
  }
  return lines.map((line) => {
    const who = whoWords(line, number);
    const { key, slots } = noticeWords(line, "text" in who ? who.text : t(who.key, who.slots), number);
    const isHidden = line.private && !showPrivate;
    const words = line.excerpt ?? line.post?.title ?? "";
    const body = isHidden ? t("inbox.system.private") : Array.from(displayText(words)).slice(0, EXCERPT).join("");
    return { ...head, tag: `mehr-${line.id}`, title: t(key, slots), body, path: noticeHref(line) };
  });
}
