/** Kept feeds as people read them. Pure, and without the room of objects, which the first page does not need. */
import type { FeedSpec, FeedView, ScopeMatch } from "../../peer/api.ts";
import type { Messages } from "../i18n/index.tsx";
import { displayLine, displayName, shortId } from "./display.ts";
import { kindOf, scopeName, scopePath } from "./scopes.ts";

/** Words that name or describe a feed, which only a language has. */
export interface FeedWords {
  /** A key of the messages. */
  readonly key: Extract<keyof Messages, `feeds.${string}`>;
  readonly slots: Readonly<Record<string, string>>;
}

/** The kinds of which somebody can make a feed, in the order in which they are offered. */
export const FEED_KINDS = ["people", "place", "topic", "intersection", "curated"] as const;

/** What a feed is called without a name of its own. */
export function feedName(
  spec: FeedSpec,
  nameOf: (id: string) => string | null = () => null,
): FeedWords | { readonly text: string } {
  switch (spec.kind) {
    case "home":
      return { key: "feeds.name.home", slots: {} };
    case "people":
      return { key: "feeds.name.people", slots: {} };
    case "trusted":
      return { key: "feeds.name.trusted", slots: {} };
    case "author":
      return { text: displayName(nameOf(spec.author)) || shortId(spec.author) };
    case "scope":
      return { text: scopeName(spec.scope) };
    case "intersection":
      return { text: [...spec.places, ...spec.topics].map(({ scope }) => scopeName(scope)).join(" + ") };
    case "curated":
      return { text: displayLine(spec.name) };
    case "replies":
      return { key: "feeds.name.replies", slots: {} };
  }
}

/** The icon of a kind. */
export function feedIcon(kind: FeedView["kind"]): "home" | "person" | "place" | "topic" | "mix" | "curated" {
  switch (kind) {
    case "people":
      return "person";
    case "intersection":
      return "mix";
    default:
      return kind;
  }
}

/** Path of the page of a kept feed, without the app's base. */
export function feedHref(feed: Pick<FeedView, "id" | "kind">): string {
  return feed.kind === "home" ? "/" : `/f/${feed.id}`;
}

/** One line that says what a feed shows, of scopes by their paths. */
export function scopesLine(scopes: readonly ScopeMatch[], only: (path: string) => string): string[] {
  return scopes.map(({ match, scope }) => (match === "exact" ? only(scopePath(scope)) : scopePath(scope)));
}

/** Whether two feeds show the same, whoever wrote them down. */
export function sameSpec(a: FeedSpec, b: FeedSpec): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The kind of a feed that is not kept yet. */
export function kindOfSpec(spec: FeedSpec): FeedView["kind"] {
  switch (spec.kind) {
    case "home":
    case "intersection":
    case "curated":
      return spec.kind;
    case "scope":
      return kindOf(spec.scope) === "geo" ? "place" : "topic";
    default:
      return "people";
  }
}
