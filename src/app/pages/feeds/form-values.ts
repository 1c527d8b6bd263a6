/** What is typed into the form of a feed, and the feed that it means. Pure. */
import type { FeedFilters, FeedMode, FeedSpec, FeedView, ScopeMatch } from "../../../peer/api.ts";

export type FormKind = "people" | "place" | "topic" | "intersection" | "curated";

/** What was typed so far. */
export interface FeedForm {
  readonly name: string;
  readonly author: string;
  readonly curatedName: string;
  readonly places: readonly ScopeMatch[];
  readonly topics: readonly ScopeMatch[];
  readonly mode: FeedMode;
  readonly filters: FeedFilters;
}

export const BLANK: FeedForm = {
  name: "",
  author: "",
  curatedName: "",
  places: [],
  topics: [],
  mode: "auto",
  filters: { boosts: true, replies: true },
};

export function formOf(feed: FeedView): FeedForm {
  const { filters, mode, name, spec } = feed;
  const base = { ...BLANK, name: name ?? "", mode, filters };
  switch (spec.kind) {
    case "author":
      return { ...base, author: spec.author };
    case "curated":
      return { ...base, author: spec.curator, curatedName: spec.name };
    case "scope": {
      const list = [{ scope: spec.scope, match: spec.match }];
      return spec.scope.startsWith("g:") ? { ...base, places: list } : { ...base, topics: list };
    }
    case "intersection":
      return { ...base, places: spec.places, topics: spec.topics };
    default:
      return base;
  }
}

/** What the form asks for; `null` while something is missing. */
export function specOf(kind: FormKind, form: FeedForm): FeedSpec | null {
  const [place] = form.places;
  const [topic] = form.topics;
  // A link to a profile ends in the address.
  const person = form.author.trim().split(/[/:]/u).at(-1) ?? "";
  switch (kind) {
    case "people":
      return person === "" ? null : { kind: "author", author: person };
    case "curated":
      return person === "" || form.curatedName.trim() === ""
        ? null
        : { kind: "curated", curator: person, name: form.curatedName.trim() };
    case "place":
      return place ? { kind: "scope", ...place } : null;
    case "topic":
      return topic ? { kind: "scope", ...topic } : null;
    case "intersection":
      return place && topic ? { kind: "intersection", places: form.places, topics: form.topics } : null;
  }
}
