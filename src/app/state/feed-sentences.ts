/** What kept feeds show, said in a sentence: for the pages of feeds, not for the names of feeds beside every page. */
import type { FeedSpec } from "../../peer/api.ts";
import { useI18n } from "../i18n/index.tsx";
import { scopesLine } from "../text/feeds.ts";
import { scopePath } from "../text/scopes.ts";
import { useFeedWords } from "./feed-words.ts";

/** Gives one sentence that says what a feed shows. */
export function useFeedSentences(): (spec: FeedSpec) => string {
  const { t, list } = useI18n();
  const { nameOf } = useFeedWords();
  /** Texts of others and names of scopes keep their own direction within a sentence. */
  const isolated = (text: string): string => `\u2068${text}\u2069`;

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
  return whatOf;
}
