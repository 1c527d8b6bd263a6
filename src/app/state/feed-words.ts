/** Kept feeds in the words of the person's language. */
import type { FeedView } from "../../peer/api.ts";
import { useI18n } from "../i18n/index.tsx";
import { displayLine } from "../text/display.ts";
import { feedName } from "../text/feeds.ts";
import { useSession } from "./session.tsx";

export interface FeedWordsOf {
  /** What a feed is called: as the person named it, else after what it shows. */
  nameOf(feed: Pick<FeedView, "name" | "spec">): string;
  /** "3 new", "more than 99 new"; empty where nothing is. */
  unreadOf(feed: Pick<FeedView, "unread">): string;
  /** The same as short as can be: "3", "99+". */
  unreadMark(feed: Pick<FeedView, "unread">): string;
}

/** What is counted exactly. */
const MOST_COUNTED = 99;

export function useFeedWords(): FeedWordsOf {
  const { t, number } = useI18n();
  const { following } = useSession();
  const personName = (id: string): string | null => following().find((person) => person.id === id)?.displayName ?? null;

  function nameOf(feed: Pick<FeedView, "name" | "spec">): string {
    if (feed.name !== null) return displayLine(feed.name);
    const words = feedName(feed.spec, personName);
    return "text" in words ? words.text : t(words.key, words.slots);
  }

  return {
    nameOf,
    unreadOf({ unread }) {
      if (unread === 0) return "";
      if (unread > MOST_COUNTED) return t("feeds.unread_more", { count: number(MOST_COUNTED) });
      return t(unread === 1 ? "feeds.unread_one" : "feeds.unread_other", { count: number(unread) });
    },
    unreadMark: ({ unread }) =>
      unread === 0 ? "" : unread > MOST_COUNTED ? `${number(MOST_COUNTED)}+` : number(unread),
  };
}
