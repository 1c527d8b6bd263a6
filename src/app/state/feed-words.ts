/** Kept feeds in the words of the person's language. */
import type { FeedSpec, FeedView } from "../../peer/api.ts";
import { useI18n } from "../i18n/index.tsx";
import { displayLine } from "../text/display.ts";
import { feedName, scopesLine } from "../text/feeds.ts";
import { scopePath } from "../text/scopes.ts";
import { useSession } from "./session.tsx";

export interface FeedWordsOf {
  /** What a feed is called: as the person named it, else after what it shows. */
  nameOf(feed: Pick<FeedView, "name" | "spec">): string;
  /** One sentence that says what it shows. */
  whatOf(spec: FeedSpec): string;
  /** "3 new", "more than 99 new"; empty where nothing is. */
  unreadOf(feed: Pick<FeedView, "unread">): string;
  /** The same as short as can be: "3", "99+". */
  unreadMark(feed: Pick<FeedView, "unread">): string;
}

/** What is counted exactly. */
const MOST_COUNTED = 99;

export function useFeedWords(): FeedWordsOf {
  const { t, number, list } = useI18n();
  const { following } = useSession();
  /** Texts of others and names of scopes keep their own direction within a sentence. */
  const isolated = (text: string): string => `\u2068${text}\u2069`;
  const personName = (id: string): string | null => following().find((person) => person.id === id)?.displayName ?? null;

  function nameOf(feed: Pick<FeedView, "name" | "spec">): string {
    if (feed.name !== null) return displayLine(feed.name);
    const words = feedName(feed.spec, personName);
    return "text" in words ? words.text : t(words.key, words.slots);
  }

  function whatOf(spec: FeedSpec): string {
    const only = (path: string): string => t("feeds.what.exact", { path: isolated(path) });
    switch (spec.kind) {
      case "home":
      case "people":
      case "trusted":
        return t(`feeds.what.${spec.kind}`);
      case "author":
        return t("feeds.what.author", { name: isolated(nameOf({ name: null, spec })) });
      case "scope": {
        const path = isolated(scopePath(spec.scope));
        return t(spec.match === "exact" ? "feeds.what.only" : "feeds.what.prefix", { path });
      }
      case "intersection":
        return t("feeds.what.intersection", {
          places: list(scopesLine(spec.places, only)),
          topics: list(scopesLine(spec.topics, only)),
        });
      case "curated":
        return t("feeds.what.curated", {
          name: isolated(nameOf({ name: null, spec: { kind: "author", author: spec.curator } })),
        });
      case "replies":
        return t("feeds.name.replies");
    }
  }

  return {
    nameOf,
    whatOf,
    unreadOf({ unread }) {
      if (unread === 0) return "";
      if (unread > MOST_COUNTED) return t("feeds.unread_more", { count: number(MOST_COUNTED) });
      return t(unread === 1 ? "feeds.unread_one" : "feeds.unread_other", { count: number(unread) });
    },
    unreadMark: ({ unread }) =>
      unread === 0 ? "" : unread > MOST_COUNTED ? `${number(MOST_COUNTED)}+` : number(unread),
  };
}
