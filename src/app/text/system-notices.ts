/** Notices as the system shows them, where nothing of the app stands beside them. Pure. */
import type { NodeId, NoticeView } from "../../peer/api.ts";
import type { SystemNotice } from "../../rpc/system-notices.ts";
import type { I18n } from "../i18n/index.tsx";
import { directionOf } from "../i18n/language.ts";
import { alikeWords } from "./alike-words.ts";
import { displayText } from "./display.ts";
import { namedIn, noticeHref, noticeWords, whoWords } from "./notices.ts";

/** Beyond that it is one that says how many there are. */
const MOST_AT_ONCE = 3;
/** What a lock screen shows of a text. */
const EXCERPT = 140;

/**
 * What the system is to show of these lines. Whoever has a name that looks like that of somebody else is told with the
 * address, and the text begins with whose name it looks like.
 * @param self this person
 */
export function noticesOf(
  lines: readonly NoticeView[],
  { language, number, t }: Pick<I18n, "language" | "number" | "t">,
  showPrivate: boolean,
  self: NodeId | undefined,
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
    const excerpt = isHidden ? t("inbox.system.private") : Array.from(displayText(words)).slice(0, EXCERPT).join("");
    const marks = namedIn(line).flatMap(({ alike }) => (alike === null ? [] : [alikeWords(alike, self)]));
    const body = [...marks.map((mark) => t(mark.key, mark.slots)), excerpt].filter((text) => text !== "").join("\n");
    return { ...head, tag: `mehr-${line.id}`, title: t(key, slots), body, path: noticeHref(line) };
  });
}
